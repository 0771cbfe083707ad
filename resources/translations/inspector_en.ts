<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AheadStrip</name>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AskPanel</name>
    <message numerus="yes">
        <source>%n crop(s)</source>
        <translation>
            <numerusform>%n crop</numerusform>
            <numerusform>%n crops</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Backup</name>
    <message numerus="yes">
        <source>%n files of logs and caches were taken away.</source>
        <translation>
            <numerusform>%n file of logs and caches was taken away.</numerusform>
            <numerusform>%n files of logs and caches were taken away.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChangesPage</name>
    <message numerus="yes">
        <source>%n entry(s) differ from the shipped preset of this name:</source>
        <translation>
            <numerusform>%n entry differs from the shipped preset of this name:</numerusform>
            <numerusform>%n entries differ from the shipped preset of this name:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>%n inspections</source>
        <translation>
            <numerusform>%n inspection</numerusform>
            <numerusform>%n inspections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The archive has stored %n files.</source>
        <translation>
            <numerusform>The archive has stored %n file.</numerusform>
            <numerusform>The archive has stored %n files.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures exported.</source>
        <translation>
            <numerusform>%n picture exported.</numerusform>
            <numerusform>%n pictures exported.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OperatorPage</name>
    <message numerus="yes">
        <source>%n part(s), {failed} NG, {checks} to check, {rate} passed</source>
        <translation>
            <numerusform>%n part, {failed} NG, {checks} to check, {rate} passed</numerusform>
            <numerusform>%n parts, {failed} NG, {checks} to check, {rate} passed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PaceChip</name>
    <message numerus="yes">
        <source>%n inspection(s) under this preset since the program was opened.
p50: half of them took no longer; p95: 95 of 100 took no longer.
Loading the model does not count.</source>
        <translation>
            <numerusform>%n inspection under this preset since the program was opened.
p50: half of them took no longer; p95: 95 of 100 took no longer.
Loading the model does not count.</numerusform>
            <numerusform>%n inspections under this preset since the program was opened.
p50: half of them took no longer; p95: 95 of 100 took no longer.
Loading the model does not count.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PicturesPanel</name>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PresetEditor</name>
    <message numerus="yes">
        <source>%n entry(s) cannot be kept so.</source>
        <translation>
            <numerusform>%n entry cannot be kept so.</numerusform>
            <numerusform>%n entries cannot be kept so.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SaveRegionsDialog</name>
    <message numerus="yes">
        <source>Preset for the %n region(s), or the name of a new one:</source>
        <translation>
            <numerusform>Preset for the %n region, or the name of a new one:</numerusform>
            <numerusform>Preset for the %n regions, or the name of a new one:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SerialDialog</name>
    <message numerus="yes">
        <source>The picture holds %n codes. Choose the part&apos;s, or scan it.</source>
        <translation>
            <numerusform>The picture holds %n code. Choose the part&apos;s, or scan it.</numerusform>
            <numerusform>The picture holds %n codes. Choose the part&apos;s, or scan it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatisticsDialog</name>
    <message numerus="yes">
        <source>%n inspections</source>
        <translation>
            <numerusform>%n inspection</numerusform>
            <numerusform>%n inspections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message numerus="yes">
        <source>%n more waiting</source>
        <translation>
            <numerusform>%n more waiting</numerusform>
            <numerusform>%n more waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TemplateMatch</name>
    <message numerus="yes">
        <source>%n question(s)</source>
        <translation>
            <numerusform>%n question</numerusform>
            <numerusform>%n questions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) could not be opened</source>
        <translation>
            <numerusform>%n picture could not be opened</numerusform>
            <numerusform>%n pictures could not be opened</numerusform>
        </translation>
    </message>
</context>
</TS>
