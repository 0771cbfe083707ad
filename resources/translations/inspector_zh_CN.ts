<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Inspector and its keys</source>
        <translation>关于 Inspector 与快捷键</translation>
    </message>
    <message>
        <source>Ask a local model about small things in pictures, see where it looked, and read the answer after zooming. Nothing leaves this computer, unless you choose a model on a server. Licence: Apache-2.0.</source>
        <translation>就图片中的细小之处询问本地模型，查看它注视了哪里，并阅读放大后的回答。除非您选择服务器上的模型，任何数据都不会离开本机。许可证：Apache-2.0。</translation>
    </message>
    <message>
        <source>For research and quality control. Not for diagnosis.</source>
        <translation>仅供科研与质量控制，不得作为诊断依据。</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>快捷键与鼠标</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Ask, while the question has the focus</source>
        <translation>在问题栏中提问</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>The bare picture, while held</source>
        <translation>按住时只显示原图</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Zoom at the cursor</source>
        <translation>以光标为中心缩放</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>移动图片</translation>
    </message>
    <message>
        <source>drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>Zoom to a crop</source>
        <translation>放大到某个局部</translation>
    </message>
    <message>
        <source>click its card</source>
        <translation>单击其卡片</translation>
    </message>
    <message>
        <source>Fit the picture</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>double click</source>
        <translation>双击</translation>
    </message>
</context>
<context>
    <name>AccessRoom</name>
    <message>
        <source>Who works</source>
        <translation>当前操作人</translation>
    </message>
    <message>
        <source>{name} · {role}</source>
        <translation>{name} · {role}</translation>
    </message>
    <message>
        <source>Who works. Press to sign out, or to let others sign in.</source>
        <translation>当前操作人。点击可登出，或让他人登录。</translation>
    </message>
</context>
<context>
    <name>AheadStrip</name>
    <message>
        <source>Inspect ahead</source>
        <translation>预先检查</translation>
    </message>
    <message>
        <source>Inspect the next pictures ahead, with this question</source>
        <translation>用当前问题预先检查后面的图片</translation>
    </message>
    <message>
        <source>End run-ahead; what is finished stays</source>
        <translation>结束预先检查；已完成的保留</translation>
    </message>
    <message>
        <source>Go on inspecting ahead</source>
        <translation>继续预先检查</translation>
    </message>
    <message>
        <source>Pause run-ahead</source>
        <translation>暂停预先检查</translation>
    </message>
    <message>
        <source>{done} of {total} ahead</source>
        <translation>已预先检查 {done}/{total}</translation>
    </message>
    <message>
        <source>nothing ahead</source>
        <translation>后面没有图片</translation>
    </message>
    <message>
        <source>ahead after Enter</source>
        <translation>按 Enter 后预先检查</translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 张失败</numerusform>
        </translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>your question first</source>
        <translation>先答您的问题</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>camera is open</source>
        <translation>摄像头已打开</translation>
    </message>
    <message>
        <source>operator mode</source>
        <translation>操作员模式</translation>
    </message>
    <message>
        <source>press Enter</source>
        <translation>请按 Enter</translation>
    </message>
    <message>
        <source>drawn by hand</source>
        <translation>手动框选</translation>
    </message>
    <message>
        <source>So many of the next pictures have their answer already. They are asked what was asked last, and stored like every inspection.</source>
        <translation>后面这么多张图片已有答案。所问的是上一次提出的问题，并与其他检查一样存档。</translation>
    </message>
    <message>
        <source>Nothing is done ahead until you go on.</source>
        <translation>在您继续之前不会预先检查。</translation>
    </message>
    <message>
        <source>Your own question goes first; then it goes on.</source>
        <translation>先回答您自己的问题，然后继续。</translation>
    </message>
    <message>
        <source>It goes on when a model is loaded.</source>
        <translation>模型加载后继续。</translation>
    </message>
    <message>
        <source>An open camera has the model to itself.</source>
        <translation>摄像头打开时独占模型。</translation>
    </message>
    <message>
        <source>An operator&apos;s parts are inspected when they come.</source>
        <translation>操作员的零件到来时才检验。</translation>
    </message>
    <message>
        <source>The question in the field was not asked yet: Enter asks it, and the next pictures follow.</source>
        <translation>输入框中的问题尚未提出：按 Enter 提问，随后检查后面的图片。</translation>
    </message>
    <message>
        <source>Rectangles drawn by hand belong to one picture.</source>
        <translation>手动绘制的矩形只属于一张图片。</translation>
    </message>
</context>
<context>
    <name>AnswerBlock</name>
    <message>
        <source>(no words)</source>
        <translation>(无文字)</translation>
    </message>
    <message>
        <source>Probability of all words of the answer together. Not a probability of being right.</source>
        <translation>整个回答所有词的联合概率，并非回答正确的概率。</translation>
    </message>
    <message>
        <source>lead {margin:.2f}</source>
        <translation>领先 {margin:.2f}</translation>
    </message>
    <message>
        <source>Lead: probability of the first word minus that of the runner-up, 0 to 1.</source>
        <translation>领先：首词概率减去次选词概率，0 到 1。</translation>
    </message>
    <message>
        <source>Runner-up: &quot;{word}&quot;</source>
        <translation>次选：“{word}”</translation>
    </message>
</context>
<context>
    <name>AnswerPanel</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>整图</translation>
    </message>
    <message>
        <source>Zoomed</source>
        <translation>放大后</translation>
    </message>
    <message>
        <source>not zoomed</source>
        <translation>未放大</translation>
    </message>
    <message>
        <source>Asked: {question}</source>
        <translation>所问：{question}</translation>
    </message>
    <message>
        <source>The answer about a picture of the camera stands here.</source>
        <translation>对相机画面的回答显示在此处。</translation>
    </message>
    <message>
        <source>Open a picture to ask about it.</source>
        <translation>请先打开一张图片再提问。</translation>
    </message>
    <message>
        <source>Being inspected …</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Type a question and press Enter.</source>
        <translation>输入问题，按回车提问。</translation>
    </message>
    <message>
        <source>Both say the same.</source>
        <translation>两次回答一致。</translation>
    </message>
    <message>
        <source>All {count} views agree.</source>
        <translation>全部 {count} 个视图一致。</translation>
    </message>
    <message>
        <source>They disagree: look for yourself.</source>
        <translation>两次回答不一致，请亲自查看。</translation>
    </message>
    <message>
        <source>By weight {share} of {count} views say &quot;{winner}&quot;; against: {against}.</source>
        <translation>按权重，{count} 个视图中 {share} 认为“{winner}”；反对：{against}。</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>整图</translation>
    </message>
    <message>
        <source>zoomed</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>It is about where things lie: the whole picture counts most.</source>
        <translation>涉及位置关系：以整图为主。</translation>
    </message>
    <message>
        <source>Not compared yet.</source>
        <translation>尚未比较。</translation>
    </message>
</context>
<context>
    <name>AskPanel</name>
    <message>
        <source>What do you want to know?</source>
        <translation>您想知道什么?</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Enter asks. The arrow shows earlier questions.</source>
        <translation>按回车提问；箭头列出以前的问题。</translation>
    </message>
    <message>
        <source>Where to look closer</source>
        <translation>放大哪里</translation>
    </message>
    <message>
        <source>Number of crops</source>
        <translation>局部图数量</translation>
    </message>
    <message>
        <source>At most so many places are shown enlarged, 1 to 4.</source>
        <translation>最多放大显示的位置数，1 到 4。</translation>
    </message>
    <message>
        <source>Zoom only in doubt</source>
        <translation>仅在存疑时放大</translation>
    </message>
    <message>
        <source>Leave the picture unzoomed when every word of the first answer has a probability of at least {share} %.</source>
        <translation>若首次回答每个词的概率都不低于 {share} %，则不再放大。</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Ask about this picture (Enter)</source>
        <translation>就此图片提问(回车)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the running inspection (Esc)</source>
        <translation>停止正在进行的检查(Esc)</translation>
    </message>
    <message numerus="yes">
        <source>%n crop(s)</source>
        <translation>
            <numerusform>%n 处局部</numerusform>
        </translation>
    </message>
    <message>
        <source>&quot;{model}&quot; does not let this program see where it looks.</source>
        <translation>“{model}”不允许本程序查看它注视的位置。</translation>
    </message>
    <message>
        <source>&quot;{model}&quot; understands questions in English only.</source>
        <translation>“{model}”只懂英文问题。</translation>
    </message>
    <message>
        <source>&quot;{model}&quot; understands questions in Chinese only.</source>
        <translation>“{model}”只懂中文问题。</translation>
    </message>
</context>
<context>
    <name>Backup</name>
    <message>
        <source>Put this backup in the place of the records? These are kept beside it, and can be put back in the same way.</source>
        <translation>用此备份替换记录？现有记录会保存在旁边，可用同样方法恢复。</translation>
    </message>
    <message>
        <source>Put a backup back</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Put it back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The records are those of the backup.</source>
        <translation>记录现为备份中的内容。</translation>
    </message>
    <message>
        <source>The ones before are kept in {path}.</source>
        <translation>之前的记录保存在 {path}。</translation>
    </message>
    <message numerus="yes">
        <source>%n files of logs and caches were taken away.</source>
        <translation>
            <numerusform>已删除 %n 个日志和缓存文件。</numerusform>
        </translation>
    </message>
    <message>
        <source>There were no logs and caches to take away.</source>
        <translation>没有可清除的日志和缓存。</translation>
    </message>
    <message>
        <source>Records, settings, presets and models are untouched.</source>
        <translation>记录、设置、预设和模型保持不变。</translation>
    </message>
    <message>
        <source>What can be read is shown, and nothing is added. Put a backup back: Tools, Put a backup back.</source>
        <translation>能读取的会显示，但不再写入。请恢复备份：工具、恢复备份。</translation>
    </message>
</context>
<context>
    <name>BadgeDialog</name>
    <message>
        <source>Operator mode</source>
        <translation>操作员模式</translation>
    </message>
    <message>
        <source>Who works? The name stands in every record.</source>
        <translation>当班人员是谁？姓名会写入每条记录。</translation>
    </message>
    <message>
        <source>Begin the shift</source>
        <translation>开始当班</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CameraDialog</name>
    <message>
        <source>Watch a folder</source>
        <translation>监视文件夹</translation>
    </message>
    <message>
        <source>Open a camera</source>
        <translation>打开相机</translation>
    </message>
    <message>
        <source>Cameras of this computer</source>
        <translation>本机的相机</translation>
    </message>
    <message>
        <source>No camera was found at this computer.</source>
        <translation>本机未找到相机。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Watch a folder …</source>
        <translation>监视文件夹…</translation>
    </message>
    <message>
        <source>usb:0 for a USB camera, rtsp:// or http:// for a network camera, genicam:SERIAL for an industrial camera, folder:/path for pictures that another program puts there. A password stands in the address; it is not stored.</source>
        <translation>USB 相机写 usb:0,网络相机写 rtsp:// 或 http://,工业相机写 genicam:序列号,由其他程序放入图片的文件夹写 folder:/路径。密码写在地址中,不会被保存。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Frozen</source>
        <translation>已定格</translation>
    </message>
    <message>
        <source>Frozen at {time}</source>
        <translation>定格于 {time}</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Stale</source>
        <translation>画面过期</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>已断开</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>STALE: the last picture is {seconds} s old</source>
        <translation>画面过期:最后一帧是 {seconds} 秒前的</translation>
    </message>
    <message>
        <source>Reconnecting in {seconds} s</source>
        <translation>{seconds} 秒后重新连接</translation>
    </message>
    <message>
        <source>{count} pictures a second</source>
        <translation>每秒 {count} 帧</translation>
    </message>
    <message>
        <source>{milliseconds} ms to the screen</source>
        <translation>到屏幕 {milliseconds} 毫秒</translation>
    </message>
    <message>
        <source>{count} missed</source>
        <translation>漏检 {count}</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Picture of {time}</source>
        <translation>{time} 的画面</translation>
    </message>
    <message>
        <source>Waiting for the first new picture in the folder …</source>
        <translation>等待文件夹中的第一张新图片…</translation>
    </message>
    <message>
        <source>Waiting for the first picture …</source>
        <translation>等待第一张画面…</translation>
    </message>
    <message>
        <source>There is no live picture to judge.</source>
        <translation>没有可供判定的实时画面。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>定格</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>实时画面</translation>
    </message>
    <message>
        <source>Last judged pictures, newest first</source>
        <translation>最近判定的画面,最新的在前</translation>
    </message>
    <message>
        <source>Let the picture stand still, or go on (Space)</source>
        <translation>定格或继续(空格键)</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Keep this picture and ask about it (Enter)</source>
        <translation>保存这一帧并提问(回车键)</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发</translation>
    </message>
    <message>
        <source>Inspect the picture of this moment (T)</source>
        <translation>检查此刻的画面(T)</translation>
    </message>
    <message>
        <source>Close the camera</source>
        <translation>关闭相机</translation>
    </message>
    <message>
        <source>Inspect by hand</source>
        <translation>手动检查</translation>
    </message>
    <message>
        <source>Inspect on trigger</source>
        <translation>触发检查</translation>
    </message>
    <message>
        <source>Inspect continuously</source>
        <translation>连续检查</translation>
    </message>
    <message>
        <source>When to inspect</source>
        <translation>何时检查</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>ChangesPage</name>
    <message>
        <source>No preset of this name is shipped.</source>
        <translation>程序未自带此名称的预设。</translation>
    </message>
    <message>
        <source>It says the same as the shipped preset of this name.</source>
        <translation>与程序自带的同名预设完全相同。</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) differ from the shipped preset of this name:</source>
        <translation>
            <numerusform>与程序自带的同名预设相比，有 %n 项不同：</numerusform>
        </translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>自带</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此处</translation>
    </message>
</context>
<context>
    <name>CheckRow</name>
    <message>
        <source>Kind of check</source>
        <translation>检查的种类</translation>
    </message>
</context>
<context>
    <name>ComparePane</name>
    <message>
        <source>Compared picture</source>
        <translation>对照图片</translation>
    </message>
</context>
<context>
    <name>Correcting</name>
    <message>
        <source>nothing is there</source>
        <translation>该处什么都没有</translation>
    </message>
    <message>
        <source>reflection or shadow</source>
        <translation>反光或阴影</translation>
    </message>
    <message>
        <source>dust or dirt</source>
        <translation>灰尘或污渍</translation>
    </message>
    <message>
        <source>it is something else</source>
        <translation>是别的东西</translation>
    </message>
    <message>
        <source>wrong place</source>
        <translation>位置错误</translation>
    </message>
    <message>
        <source>misread</source>
        <translation>误读</translation>
    </message>
    <message>
        <source>Why is it wrong?</source>
        <translation>为什么错误？</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>seen by eye</source>
        <translation>目视确认</translation>
    </message>
    <message>
        <source>allowed deviation</source>
        <translation>允许偏差</translation>
    </message>
    <message>
        <source>the model missed a defect</source>
        <translation>模型漏检</translation>
    </message>
    <message>
        <source>measured again</source>
        <translation>已复测</translation>
    </message>
    <message>
        <source>Why is the verdict {verdict}?</source>
        <translation>为何判定为“{verdict}”？</translation>
    </message>
    <message>
        <source>Override</source>
        <translation>改判</translation>
    </message>
</context>
<context>
    <name>Credentials</name>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Password or PIN</source>
        <translation>密码或 PIN</translation>
    </message>
</context>
<context>
    <name>CropStrip</name>
    <message>
        <source>Shown enlarged</source>
        <translation>放大显示的局部</translation>
    </message>
</context>
<context>
    <name>Dock</name>
    <message>
        <source>Take out of the window, or put back</source>
        <translation>移出窗口或放回</translation>
    </message>
    <message>
        <source>Hide this panel (View shows it again)</source>
        <translation>隐藏此面板(可从“视图”菜单恢复)</translation>
    </message>
</context>
<context>
    <name>ExperimentGroup</name>
    <message>
        <source>Experiments</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Further answers made in unproven ways. No verdict takes them into account.</source>
        <translation>用未经证实的方法另外得出的回答。任何判定都不考虑它们。</translation>
    </message>
    <message>
        <source>Told beside the answers, never judged.</source>
        <translation>与回答并列显示，从不参与判定。</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Factor of the attention</source>
        <translation>注意力倍数</translation>
    </message>
    <message>
        <source>Where attention is raised</source>
        <translation>在何处提高注意力</translation>
    </message>
    <message>
        <source>Mix answers, whole</source>
        <translation>混合回答，全图占</translation>
    </message>
    <message>
        <source>Weight of the whole picture</source>
        <translation>全图的权重</translation>
    </message>
    <message>
        <source>regions</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>map</source>
        <translation>注视图</translation>
    </message>
    <message>
        <source>&quot;{model}&quot; does not let this program do that.</source>
        <translation>“{model}”不允许本程序这样做。</translation>
    </message>
    <message>
        <source>Ask about the whole picture once more, with this many times the attention to some of its parts. A crop nearly always does more.</source>
        <translation>对全图再问一次，并把对某些部分的注意力提高到这么多倍。裁剪放大几乎总是更有效。</translation>
    </message>
    <message>
        <source>Choose each word by the whole picture and by the crops alone, weighed like this.</source>
        <translation>每个词由全图与单独的裁剪按此权重共同选出。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export and send</source>
        <translation>导出与发送</translation>
    </message>
    <message>
        <source>Export inspections</source>
        <translation>导出检查记录</translation>
    </message>
    <message>
        <source>Tables (CSV) and reports about many inspections: Tools &gt; Statistics.</source>
        <translation>关于多次检查的表格（CSV）和报告：工具 &gt; 统计。</translation>
    </message>
    <message>
        <source>Send the DICOM files of the folder to an archive</source>
        <translation>把文件夹中的 DICOM 文件发送到归档</translation>
    </message>
    <message>
        <source>As</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Conversations (JSONL)</source>
        <translation>对话（JSONL）</translation>
    </message>
    <message>
        <source>Write the pictures, too</source>
        <translation>同时写出图片</translation>
    </message>
    <message>
        <source>Leave out who the patient is, and names of files</source>
        <translation>不写患者身份和文件名</translation>
    </message>
    <message>
        <source>DICOM PS3.15 basic profile. Writing in the pixels and words that people typed stay: look at them.</source>
        <translation>DICOM PS3.15 基本规范。像素中的文字和人工输入的词句会保留：请自行检查。</translation>
    </message>
    <message>
        <source>In each picture. Write none where you looked and there is no writing in the pixels; without either, pictures that may name a patient stay here.</source>
        <translation>用于每幅图片。已查看且像素中没有文字时写 none；两者都没有时，可能含患者姓名的图片不会导出。</translation>
    </message>
    <message>
        <source>A new or empty folder</source>
        <translation>新的或空的文件夹</translation>
    </message>
    <message>
        <source>TITLE@host:port for C-STORE; an address with http or https for DICOMweb.</source>
        <translation>C-STORE 写 TITLE@host:port；DICOMweb 写 http 或 https 地址。</translation>
    </message>
    <message>
        <source>Only for an archive on the web; it is not kept.</source>
        <translation>仅用于网络归档；不会保存。</translation>
    </message>
    <message>
        <source>Only on the web</source>
        <translation>仅用于网络归档</translation>
    </message>
    <message>
        <source>Only for an archive on the web</source>
        <translation>仅用于网络归档</translation>
    </message>
    <message>
        <source>PEM of your site, for https</source>
        <translation>本单位的 PEM（https 所需）</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择 …</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose a file of certificates</source>
        <translation>选择证书文件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message numerus="yes">
        <source>%n inspections</source>
        <translation>
            <numerusform>%n 次检查</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The archive has stored %n files.</source>
        <translation>
            <numerusform>归档已保存 %n 个文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures exported.</source>
        <translation>
            <numerusform>已导出 %n 幅图片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Not in these files:</source>
        <translation>这些文件中没有：</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Choose pictures …</source>
        <translation>选择图片……</translation>
    </message>
    <message>
        <source>Choose a picture …</source>
        <translation>选择图片…</translation>
    </message>
</context>
<context>
    <name>FindingForm</name>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>What it is; a new word joins the list</source>
        <translation>是什么；新词会加入列表</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>What is written there, or what the answer must be</source>
        <translation>其上的文字，或正确的回答</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colour, in words</source>
        <translation>颜色（文字描述）</translation>
    </message>
    <message>
        <source>Texture</source>
        <translation>纹理</translation>
    </message>
    <message>
        <source>Texture, in words</source>
        <translation>纹理（文字描述）</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Size; empty where nobody said</source>
        <translation>尺寸；无人填写时为空</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Anything else</source>
        <translation>其他说明</translation>
    </message>
    <message>
        <source>not said</source>
        <translation>未填写</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>How bad it is</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Take this word out of the list</source>
        <translation>从列表中移除该词</translation>
    </message>
    <message>
        <source>(several)</source>
        <translation>（多个值）</translation>
    </message>
</context>
<context>
    <name>Findings</name>
    <message>
        <source>Only {name} can take that verdict back. Give your own instead.</source>
        <translation>只有 {name} 能撤回该判定。请给出您自己的判定。</translation>
    </message>
    <message>
        <source>Not all regions of the picture before have room here.</source>
        <translation>上一张图片的区域未能全部放入。</translation>
    </message>
</context>
<context>
    <name>FindingsPanel</name>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Ask, and correct the answer here; or mark what you found yourself with D.</source>
        <translation>提问后可在此修正回答；按 D 可标记您自己的发现。</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Your verdict in the place of the program&apos;s, with reason</source>
        <translation>以您的判定取代程序的判定，并注明理由</translation>
    </message>
    <message>
        <source>Note on the picture</source>
        <translation>图片备注</translation>
    </message>
    <message>
        <source>on the whole picture</source>
        <translation>针对整张图片</translation>
    </message>
    <message>
        <source>found by both</source>
        <translation>双方都发现</translation>
    </message>
    <message>
        <source>only by you</source>
        <translation>仅您发现</translation>
    </message>
    <message>
        <source>only by the AI</source>
        <translation>仅 AI 发现</translation>
    </message>
    <message>
        <source>before the AI was shown</source>
        <translation>显示 AI 之前</translation>
    </message>
    <message>
        <source>after the AI was shown</source>
        <translation>显示 AI 之后</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已修改</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>rejected: {reason}</source>
        <translation>已拒绝：{reason}</translation>
    </message>
    <message>
        <source>(no label)</source>
        <translation>（无标签）</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>As judged: {verdict}</source>
        <translation>程序判定：{verdict}</translation>
    </message>
    <message>
        <source>Your verdict: none yet</source>
        <translation>您的结论：尚无</translation>
    </message>
</context>
<context>
    <name>GoldenGate</name>
    <message>
        <source>The preset was changed.</source>
        <translation>预设已更改。</translation>
    </message>
    <message>
        <source>The preset or the model was changed.</source>
        <translation>预设或模型已更改。</translation>
    </message>
    <message>
        <source>The model was changed.</source>
        <translation>模型已更改。</translation>
    </message>
    <message>
        <source>It is time to show them again.</source>
        <translation>到了再次检验标准样件的时间。</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>the model changed in between</source>
        <translation>模型在检验过程中发生了变化</translation>
    </message>
</context>
<context>
    <name>Handing</name>
    <message>
        <source>Working …</source>
        <translation>正在处理…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Stopped. What is there already stays.</source>
        <translation>已停止。已有的文件保留。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>已停止，没有写入任何内容。</translation>
    </message>
</context>
<context>
    <name>HeatPanel</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show where the model looked (H). Hold Tab to hide all.</source>
        <translation>显示模型注视之处(H)。按住 Tab 可全部隐藏。</translation>
    </message>
    <message>
        <source>Token grid</source>
        <translation>词元网格</translation>
    </message>
    <message>
        <source>Show the cells the model really has, without smoothing between them.</source>
        <translation>显示模型真实的网格单元，不做平滑。</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Opacity of the heat</source>
        <translation>热图不透明度</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layer of the language model</source>
        <translation>语言模型的层</translation>
    </message>
    <message>
        <source>{model} does not tell where it looks: there are no maps.</source>
        <translation>{model} 不透露看向何处，因此没有热图。</translation>
    </message>
    <message>
        <source>No map yet: it tells where, not how sure.</source>
        <translation>尚无热图：它表示位置，而非把握。</translation>
    </message>
    <message>
        <source>No map was made this time.</source>
        <translation>这次没有生成热图。</translation>
    </message>
    <message>
        <source>One layer only.</source>
        <translation>仅一层。</translation>
    </message>
    <message>
        <source>There is no map whose layers could be shown.</source>
        <translation>还没有可显示各层的热图。</translation>
    </message>
    <message>
        <source>Which layer of the language model is shown. The boxes do not change.</source>
        <translation>显示语言模型的哪一层；方框不会改变。</translation>
    </message>
    <message>
        <source>In tiles, deeper layers are not computed.</source>
        <translation>分块查看时，不计算更深的层。</translation>
    </message>
    <message>
        <source>This map comes from the pixels, not from a layer.</source>
        <translation>此热图来自像素，而非某一层。</translation>
    </message>
    <message>
        <source>This map was computed for one layer only.</source>
        <translation>此热图只计算了一层。</translation>
    </message>
    <message>
        <source>Colours of the heat</source>
        <translation>热图配色</translation>
    </message>
    <message>
        <source>All of these can be read by the colour-blind.</source>
        <translation>所有配色均适合色觉障碍者。</translation>
    </message>
    <message>
        <source>{method}, {rows} x {cols} cells</source>
        <translation>{method}，{rows} x {cols} 个单元</translation>
    </message>
    <message>
        <source>No place stands out.</source>
        <translation>没有突出的位置。</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>搜索帮助</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Help text</source>
        <translation>帮助正文</translation>
    </message>
    <message>
        <source>Nothing in the help has these words.</source>
        <translation>帮助中没有这些词。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>hidden until you have read the picture</source>
        <translation>阅片之后才显示</translation>
    </message>
    <message>
        <source>The newest {count} of those found.</source>
        <translation>找到的检查中最新的 {count} 项。</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Every finished inspection is kept and appears here.</source>
        <translation>每次完成的检查都会保存并显示在这里。</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys and mouse</source>
        <translation>快捷键与鼠标</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Mouse on the picture</source>
        <translation>图片上的鼠标</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>按名称筛选</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新的快捷键</translation>
    </message>
    <message>
        <source>Give this key</source>
        <translation>设为快捷键</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>不用快捷键</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>Everything as usual</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>&quot;{key}&quot; is taken by &quot;{action}&quot;; give that another key first.</source>
        <translation>“{key}”已用于“{action}”；请先为它换一个快捷键。</translation>
    </message>
    <message>
        <source>Choose an action, press its new key, and give it.</source>
        <translation>选择一项操作，按下新的快捷键，再点“设为快捷键”。</translation>
    </message>
    <message>
        <source>One button must be left for the tool in hand, or nothing can be drawn.</source>
        <translation>必须留一个按键给当前工具，否则无法绘制。</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Where the model looked</source>
        <translation>模型注视之处</translation>
    </message>
    <message>
        <source>{method}, not probability</source>
        <translation>{method}，不是概率</translation>
    </message>
    <message>
        <source>less</source>
        <translation>少</translation>
    </message>
    <message>
        <source>more</source>
        <translation>多</translation>
    </message>
</context>
<context>
    <name>LengthDialog</name>
    <message>
        <source>Calibrate</source>
        <translation>标定</translation>
    </message>
    <message>
        <source>The last length is {pixels} px long. How many millimetres are these?</source>
        <translation>最后一条长度为 {pixels} px，相当于多少毫米？</translation>
    </message>
    <message>
        <source>Length in millimetres</source>
        <translation>长度（毫米）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>LiveSession</name>
    <message>
        <source>Inspect one picture of the camera, draw on it, and come back.</source>
        <translation>先检查相机的一帧,在上面画框,再回来。</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
</context>
<context>
    <name>LockScreen</name>
    <message>
        <source>Locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>{name} works here. The same person or an admin can go on.</source>
        <translation>{name} 正在此工作。本人或管理员可以继续。</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>The name stands in every record.</source>
        <translation>姓名会写入每条记录。</translation>
    </message>
</context>
<context>
    <name>Looking</name>
    <message>
        <source>user, {mm} mm over {pixels} px</source>
        <translation>用户标定，{mm} mm 对应 {pixels} px</translation>
    </message>
    <message>
        <source>One pixel now measures {mm} mm on this picture.</source>
        <translation>此图片上每像素现为 {mm} mm。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Where the model looked</source>
        <translation>模型注视之处</translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>Research and quality control · not for diagnosis</source>
        <translation>仅供科研与质量控制 · 不得作为诊断依据</translation>
    </message>
    <message>
        <source>Not for diagnosis</source>
        <translation>不得作为诊断依据</translation>
    </message>
    <message>
        <source>Opening {name} …</source>
        <translation>正在打开 {name}…</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>已保存 {name}。</translation>
    </message>
</context>
<context>
    <name>Marking</name>
    <message>
        <source>The model is shown the upright box about it; outside of it is grey.</source>
        <translation>模型看到的是其外接正矩形，矩形内区域之外为灰色。</translation>
    </message>
</context>
<context>
    <name>MaskField</name>
    <message>
        <source>Paint over</source>
        <translation>涂盖</translation>
    </message>
    <message>
        <source>Boxes x0,y0,x1,y1; several parted by semicolons</source>
        <translation>方框 x0,y0,x1,y1；多个以分号隔开</translation>
    </message>
    <message>
        <source>Take the drawn regions</source>
        <translation>采用所画区域</translation>
    </message>
    <message>
        <source>Of the regions drawn on the picture those named “mask”; all of them where none is named so.</source>
        <translation>采用图片上所画区域中名为“遮盖”的；没有这样命名的，则采用全部。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>Fi&amp;ndings</source>
        <translation>发现(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>图片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Display</source>
        <translation>显示(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>测量(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Inspect</source>
        <translation>检查(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>P&amp;anels</source>
        <translation>面板(&amp;A)</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Free: {memory} of memory, {disk} on the disk.</source>
        <translation>可用：内存 {memory}，磁盘 {disk}。</translation>
    </message>
    <message>
        <source>On the graphics card: {memory}.</source>
        <translation>显卡：{memory}。</translation>
    </message>
    <message>
        <source>The model in use would give back {memory}.</source>
        <translation>当前模型会让出 {memory}。</translation>
    </message>
    <message>
        <source>✓ fits into what is free, ✕ does not.</source>
        <translation>✓ 可用内存足够，✕ 不足。</translation>
    </message>
    <message>
        <source>Go on pulling</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Pull</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Loading {title} …</source>
        <translation>正在加载 {title}…</translation>
    </message>
    <message>
        <source>Folder of a checkpoint</source>
        <translation>检查点所在文件夹</translation>
    </message>
    <message>
        <source>Take the files from</source>
        <translation>文件来源</translation>
    </message>
    <message>
        <source>Waiting: {why}.</source>
        <translation>等待中：{why}。</translation>
    </message>
    <message>
        <source>{name} is here, complete.</source>
        <translation>{name} 已在本机，文件完整。</translation>
    </message>
    <message>
        <source>All {count} files of {name} are as they came.</source>
        <translation>{name} 的全部 {count} 个文件与下载时一致。</translation>
    </message>
    <message>
        <source>{name} was added.</source>
        <translation>已添加 {name}。</translation>
    </message>
    <message>
        <source>Stopped. What came is kept, and pulling goes on from there.</source>
        <translation>已停止。已下载的部分保留，下次从那里继续。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>In use: {name} on {device} with {dtype}.</source>
        <translation>正在使用：{name}，{device}，{dtype}。</translation>
    </message>
    <message>
        <source>It does not tell where it looks: there are no heat maps.</source>
        <translation>它不透露看向何处，因此没有热图。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>Memory it needs in {name}</source>
        <translation>以 {name} 运行所需内存</translation>
    </message>
    <message>
        <source>Pull from</source>
        <translation>下载来源</translation>
    </message>
    <message>
        <source>Hugging Face, the hub</source>
        <translation>Hugging Face（官方）</translation>
    </message>
    <message>
        <source>hf-mirror.com, a mirror</source>
        <translation>hf-mirror.com（镜像）</translation>
    </message>
    <message>
        <source>ModelScope</source>
        <translation>魔搭社区 (ModelScope)</translation>
    </message>
    <message>
        <source>Or the address of a mirror, or a folder such as a USB stick.</source>
        <translation>也可以填写镜像地址，或文件夹（例如 U 盘）。</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Compare every file with the SHA-256 it came with.</source>
        <translation>将每个文件与下载时的 SHA-256 比较。</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Copy a checkpoint of your own to the models.</source>
        <translation>把自己的检查点复制到模型中。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>正在查看…</translation>
    </message>
</context>
<context>
    <name>NewUserDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>New password or PIN</source>
        <translation>新密码或 PIN</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再输一次</translation>
    </message>
    <message>
        <source>At least {count} letters or digits.</source>
        <translation>至少 {count} 个字母或数字。</translation>
    </message>
    <message>
        <source>The two are not the same yet.</source>
        <translation>两次输入还不一致。</translation>
    </message>
</context>
<context>
    <name>NoticeCard</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>关闭此通知</translation>
    </message>
    <message>
        <source>Something in the program went wrong; it goes on running.</source>
        <translation>程序内部出错，但仍在继续运行。</translation>
    </message>
    <message>
        <source>Copy for a report</source>
        <translation>复制以便报告</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>Operating</name>
    <message>
        <source>There is no further picture.</source>
        <translation>没有更多图片。</translation>
    </message>
    <message>
        <source>The question cannot be asked.</source>
        <translation>无法提问。</translation>
    </message>
    <message>
        <source>Nobody said which part it is.</source>
        <translation>没有人说明是哪个零件。</translation>
    </message>
    <message>
        <source>No rule says what is good: {answer}</source>
        <translation>没有规则说明何为合格：{answer}</translation>
    </message>
    <message>
        <source>{reason}: {types}</source>
        <translation>{reason}：{types}</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Nothing of this part is stored. Inspect it again.</source>
        <translation>该工件没有存储记录，请重新检查。</translation>
    </message>
</context>
<context>
    <name>OperatorPage</name>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Next part (Space)</source>
        <translation>下一件（空格）</translation>
    </message>
    <message>
        <source>It is OK …</source>
        <translation>实为合格 …</translation>
    </message>
    <message>
        <source>It is NG …</source>
        <translation>实为不合格 …</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Overrule the verdict of the last part, with a reason.</source>
        <translation>更改上一件的判定，须说明原因。</translation>
    </message>
    <message>
        <source>Which part?</source>
        <translation>是哪个零件？</translation>
    </message>
    <message>
        <source>Inspecting …</source>
        <translation>检查中 …</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Overruled by {operator}: {reason}</source>
        <translation>由 {operator} 改判：{reason}</translation>
    </message>
    <message>
        <source>Part {number} ({serial}): {words}</source>
        <translation>第 {number} 件（{serial}）：{words}</translation>
    </message>
    <message>
        <source>Part {number}: {words}</source>
        <translation>第 {number} 件：{words}</translation>
    </message>
    <message>
        <source>Show the golden samples (Space)</source>
        <translation>检验标准样件（空格键）</translation>
    </message>
    <message>
        <source>Try again (Space)</source>
        <translation>重试（空格键）</translation>
    </message>
    <message>
        <source>No preset</source>
        <translation>无预设</translation>
    </message>
    <message>
        <source>Last part: {serial}</source>
        <translation>上一件：{serial}</translation>
    </message>
    <message>
        <source>by its code</source>
        <translation>按图片中的码</translation>
    </message>
    <message>
        <source>by its file&apos;s name</source>
        <translation>按文件名</translation>
    </message>
    <message>
        <source>none scanned</source>
        <translation>未扫码</translation>
    </message>
    <message>
        <source>Part: {serial}</source>
        <translation>工件：{serial}</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s), {failed} NG, {checks} to check, {rate} passed</source>
        <translation>
            <numerusform>共 %n 件，不合格 {failed}，待复判 {checks}，合格率 {rate}</numerusform>
        </translation>
    </message>
    <message>
        <source>Cycle {took}</source>
        <translation>节拍 {took}</translation>
    </message>
    <message>
        <source>Cycle {took}, within {target} ms</source>
        <translation>节拍 {took}，在 {target} ms 以内</translation>
    </message>
    <message>
        <source>Cycle {took}, over {target} ms</source>
        <translation>节拍 {took}，超过 {target} ms</translation>
    </message>
    <message>
        <source>Parts missed: {count}</source>
        <translation>漏检工件：{count}</translation>
    </message>
    <message>
        <source>Overrule: OK</source>
        <translation>改判：合格</translation>
    </message>
    <message>
        <source>Overrule: NG</source>
        <translation>改判：不合格</translation>
    </message>
    <message>
        <source>dust or reflection</source>
        <translation>灰尘或反光</translation>
    </message>
    <message>
        <source>within the limits</source>
        <translation>在允许范围内</translation>
    </message>
    <message>
        <source>wrong place</source>
        <translation>位置错误</translation>
    </message>
    <message>
        <source>a defect was not seen</source>
        <translation>漏检缺陷</translation>
    </message>
    <message>
        <source>wrong part</source>
        <translation>工件错误</translation>
    </message>
    <message>
        <source>not clean</source>
        <translation>不清洁</translation>
    </message>
    <message>
        <source>Why does the verdict on part {number} not hold?</source>
        <translation>第 {number} 件的判定为何不成立？</translation>
    </message>
</context>
<context>
    <name>PaceChip</name>
    <message>
        <source>aim {target:.0f} ms</source>
        <translation>目标 {target:.0f} ms</translation>
    </message>
    <message>
        <source>Nothing was measured under this preset yet.</source>
        <translation>此预设下尚无测量值。</translation>
    </message>
    <message numerus="yes">
        <source>%n inspection(s) under this preset since the program was opened.
p50: half of them took no longer; p95: 95 of 100 took no longer.
Loading the model does not count.</source>
        <translation>
            <numerusform>程序打开以来在此预设下检查了 %n 次。
p50：一半不超过此用时；p95：百分之九十五不超过此用时。
加载模型的时间不计。</numerusform>
        </translation>
    </message>
    <message>
        <source>Aim for right answers: {share:.0%}; that takes labelled pictures.</source>
        <translation>正确率目标：{share:.0%}；需要带标注的图片才能测量。</translation>
    </message>
    <message>
        <source>in time</source>
        <translation>达标</translation>
    </message>
    <message>
        <source>too slow</source>
        <translation>过慢</translation>
    </message>
    <message>
        <source>{word} · p50 {p50:.0f} · p95 {p95:.0f} of {target:.0f} ms</source>
        <translation>{word} · p50 {p50:.0f} · p95 {p95:.0f} / {target:.0f} ms</translation>
    </message>
</context>
<context>
    <name>PicturesPanel</name>
    <message>
        <source>Filter by name</source>
        <translation>按名称筛选</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Which pictures are shown</source>
        <translation>显示哪些图片</translation>
    </message>
    <message>
        <source>In which order</source>
        <translation>排列顺序</translation>
    </message>
    <message>
        <source>In which order; next and previous follow it</source>
        <translation>排列顺序；上一张和下一张按此顺序</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已回答</translation>
    </message>
    <message>
        <source>Not asked yet</source>
        <translation>尚未提问</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>有问题</translation>
    </message>
    <message>
        <source>As opened</source>
        <translation>按打开顺序</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新在前</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早在前</translation>
    </message>
    <message>
        <source>By verdict</source>
        <translation>按判定</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>{shown} of {whole}</source>
        <translation>{shown} / {whole}</translation>
    </message>
    <message>
        <source>Compare with the open picture</source>
        <translation>与打开的图片对比</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>{name} ({role}) may not {right}.</source>
        <translation>{name}（{role}）无权{right}。</translation>
    </message>
    <message>
        <source>That takes the role {role} or a higher one.</source>
        <translation>这需要{role}或更高的角色。</translation>
    </message>
</context>
<context>
    <name>PresetButton</name>
    <message>
        <source>No preset</source>
        <translation>无预设</translation>
    </message>
    <message>
        <source>Choose a named way of working.</source>
        <translation>选择一种预设的工作方式。</translation>
    </message>
    <message>
        <source>{title}, changed</source>
        <translation>{title}（已改动）</translation>
    </message>
    <message>
        <source>Preset in use: {title}</source>
        <translation>当前预设：{title}</translation>
    </message>
    <message>
        <source>Strategy, crops, gate or regions were chosen otherwise since.</source>
        <translation>此后改动了策略、裁剪数、放大条件或区域。</translation>
    </message>
    <message>
        <source>Edit presets …</source>
        <translation>编辑预设 …</translation>
    </message>
    <message>
        <source>Compare two prompt templates …</source>
        <translation>比较两个提示模板…</translation>
    </message>
</context>
<context>
    <name>PresetEditor</name>
    <message>
        <source>Asks: {words}</source>
        <translation>提问：{words}</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) cannot be kept so.</source>
        <translation>
            <numerusform>有 %n 项无法这样保存。</numerusform>
        </translation>
    </message>
    <message>
        <source>Changed, not kept yet.</source>
        <translation>已改动，尚未保存。</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>已保存 {name}。</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>查看方式</translation>
    </message>
    <message>
        <source>Regions and windows</source>
        <translation>区域与灰度窗</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Take the regions drawn on the picture</source>
        <translation>采用图片上画的区域</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Aims and runs</source>
        <translation>目标与运行</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Write it into your own presets; what was shipped stays.</source>
        <translation>写入您自己的预设；自带的预设保持不变。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Work by this preset from now on.</source>
        <translation>从现在起按此预设工作。</translation>
    </message>
    <message>
        <source>Undo changes</source>
        <translation>撤销改动</translation>
    </message>
</context>
<context>
    <name>PresetList</name>
    <message>
        <source>not kept</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>shipped</source>
        <translation>自带</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已改动</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>您的</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>删除 …</translation>
    </message>
    <message>
        <source>Restore …</source>
        <translation>恢复 …</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Copy …</source>
        <translation>复制 …</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>导入 …</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出 …</translation>
    </message>
    <message>
        <source>Take your own away; what was shipped shows again.</source>
        <translation>移除您自己的版本；重新显示自带的预设。</translation>
    </message>
</context>
<context>
    <name>PresetRoom</name>
    <message>
        <source>The regions are kept in the preset &quot;{name}&quot;.</source>
        <translation>区域已保存到预设“{name}”。</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>The preset &quot;{name}&quot; cannot be used here.</source>
        <translation>此处无法使用预设“{name}”。</translation>
    </message>
    <message>
        <source>Regions of the preset reach outside this picture.</source>
        <translation>预设的区域超出了这张图片。</translation>
    </message>
    <message>
        <source>They were left out; give them in per cent to fit every picture.</source>
        <translation>这些区域已略去；用百分比给出即可适合任何图片。</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Open a picture to try the preset on it.</source>
        <translation>请打开一张图片以试用此预设。</translation>
    </message>
    <message>
        <source>Waiting for the model …</source>
        <translation>正在等待模型 …</translation>
    </message>
    <message>
        <source>The preset has no question of its own.</source>
        <translation>此预设没有自己的问题。</translation>
    </message>
    <message>
        <source>Trying …</source>
        <translation>正在试用 …</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n 张图</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} of {room} tokens</source>
        <translation>{count} / {room} 个词元</translation>
    </message>
    <message>
        <source>{size:.0f} MB for weights and prompt</source>
        <translation>权重与提示共 {size:.0f} MB</translation>
    </message>
    <message>
        <source>time not known before the first inspection</source>
        <translation>首次检查前用时未知</translation>
    </message>
    <message>
        <source>about {ms:.0f} ms for a new picture</source>
        <translation>新图片约 {ms:.0f} ms</translation>
    </message>
    <message>
        <source>At most: {parts}</source>
        <translation>至多：{parts}</translation>
    </message>
    <message>
        <source>Too long: {parts}</source>
        <translation>过长：{parts}</translation>
    </message>
    <message>
        <source>Whole: {answer}</source>
        <translation>整图：{answer}</translation>
    </message>
    <message>
        <source>Zoomed: {answer}</source>
        <translation>放大后：{answer}</translation>
    </message>
    <message>
        <source>Took {ms:.0f} ms</source>
        <translation>用时 {ms:.0f} ms</translation>
    </message>
    <message>
        <source>Took {ms:.0f} ms, aim {aim:.0f}</source>
        <translation>用时 {ms:.0f} ms，目标 {aim:.0f}</translation>
    </message>
    <message>
        <source>Tried on the open picture</source>
        <translation>在打开的图片上试用</translation>
    </message>
    <message>
        <source>Try after every change</source>
        <translation>每次改动后试用</translation>
    </message>
    <message>
        <source>Asks the model that is loaded. Nothing of it is stored, nor shown elsewhere.</source>
        <translation>向已加载的模型提问；结果不存储，也不在别处显示。</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>Preview of the report</source>
        <translation>报告预览</translation>
    </message>
    <message>
        <source>In every report about this picture that leaves out names. Write none where you looked and there is no writing in the pixels; without either, what looks like writing is painted over, and a picture that may name a patient is left out.</source>
        <translation>用于该图片的每份不含姓名的报告。已查看且像素中没有文字时写 none；两者都没有时，看似文字之处会被涂盖，可能含患者姓名的图片会被略去。</translation>
    </message>
    <message>
        <source>Save this report …</source>
        <translation>保存此报告 …</translation>
    </message>
    <message>
        <source>The report is being made …</source>
        <translation>正在生成报告 …</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>遮盖</translation>
    </message>
    <message>
        <source>Page {number}</source>
        <translation>第 {number} 页</translation>
    </message>
    <message>
        <source>What is saved is exactly what stands here.</source>
        <translation>保存的内容与此处所示完全一致。</translation>
    </message>
    <message>
        <source>These pages do not follow what is typed yet.</source>
        <translation>这些页面尚未反映键入的内容。</translation>
    </message>
    <message>
        <source>There is no inspection to report about.</source>
        <translation>没有可生成报告的检查。</translation>
    </message>
    <message>
        <source>This inspection could not be stored, so there is no record to show.</source>
        <translation>此检查未能存储，因此没有可显示的记录。</translation>
    </message>
</context>
<context>
    <name>ProofDialog</name>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>An admin looks after users and signing in.</source>
        <translation>用户和登录由管理员管理。</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>ReadingBar</name>
    <message>
        <source>Show the AI&apos;s findings</source>
        <translation>显示 AI 的发现</translation>
    </message>
    <message>
        <source>Ends your first reading and stores it; that is never taken back (Ctrl+R).</source>
        <translation>结束并保存您的首次阅片；此操作不可撤销（Ctrl+R）。</translation>
    </message>
    <message>
        <source>Read first: mark what you find (D box, S point, Shift+D polygon) and give your verdict under Findings. What the AI finds is hidden until then.</source>
        <translation>请先阅片：标出您的发现（D 框、S 点、Shift+D 多边形），并在“发现”中给出结论。此前不显示 AI 的发现。</translation>
    </message>
    <message>
        <source>Your reading is stored; this question has no findings to compare.</source>
        <translation>您的阅片已保存；此问题没有可供比较的发现。</translation>
    </message>
    <message>
        <source>Found by both: {both} · only by you: {reader} · only by the AI: {ai}</source>
        <translation>双方都发现：{both} · 仅您发现：{reader} · 仅 AI 发现：{ai}</translation>
    </message>
    <message>
        <source>Your first verdict: {reader} · the AI&apos;s: {ai}</source>
        <translation>您的首次判定：{reader} · AI 的判定：{ai}</translation>
    </message>
</context>
<context>
    <name>ReadingChip</name>
    <message>
        <source>Read first: AI hidden</source>
        <translation>先阅片：AI 已隐藏</translation>
    </message>
    <message>
        <source>Mark what you find; then a click here shows the AI&apos;s findings.</source>
        <translation>标出您的发现；然后点击此处显示 AI 的发现。</translation>
    </message>
    <message>
        <source>Read first</source>
        <translation>先阅片</translation>
    </message>
    <message>
        <source>The AI&apos;s findings in a picture are hidden until you have read it.</source>
        <translation>在您阅片之前，图片中 AI 的发现会被隐藏。</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Refusal</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Open another …</source>
        <translation>打开其他图片…</translation>
    </message>
</context>
<context>
    <name>Regions</name>
    <message>
        <source>A picture can have {count} regions.</source>
        <translation>一张图片最多可有 {count} 个区域。</translation>
    </message>
    <message>
        <source>Remove one before you draw another.</source>
        <translation>请先删除一个再绘制。</translation>
    </message>
</context>
<context>
    <name>RegionsPanel</name>
    <message>
        <source>Regions</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Draw a region with R, a polygon with Shift+R. Arrows move what is chosen.</source>
        <translation>按 R 绘制区域，按 Shift+R 绘制多边形。方向键移动所选对象。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Stands beside the region&apos;s letter</source>
        <translation>显示在区域字母旁</translation>
    </message>
    <message>
        <source>Left edge</source>
        <translation>左边缘</translation>
    </message>
    <message>
        <source>Upper edge</source>
        <translation>上边缘</translation>
    </message>
    <message>
        <source>w</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>h</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Turned clockwise, in degrees</source>
        <translation>顺时针旋转角度（度）</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>A question of this region alone, asked beside the common one</source>
        <translation>仅针对此区域的问题，与通用问题一并提出</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>Answers to its own question that are good, with commas between; any other answer fails the picture</source>
        <translation>此区域问题的合格回答，用逗号分隔；其他回答判为不合格</translation>
    </message>
    <message>
        <source>the common question</source>
        <translation>通用问题</translation>
    </message>
    <message>
        <source>OK, no</source>
        <translation>OK, 无</translation>
    </message>
    <message>
        <source>Ask about these regions</source>
        <translation>就这些区域提问</translation>
    </message>
    <message>
        <source>Search only inside them</source>
        <translation>仅在区域内查找</translation>
    </message>
    <message>
        <source>What the regions are for</source>
        <translation>区域用途</translation>
    </message>
    <message>
        <source>Shown enlarged as they are, or the strategy looks for a place inside them</source>
        <translation>按原样放大显示，或由策略在其中查找位置</translation>
    </message>
    <message>
        <source>Sky blue</source>
        <translation>天蓝</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Vermilion</source>
        <translation>朱红</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>紫色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>px</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colour; every common kind of colour vision tells them</source>
        <translation>颜色；各类常见色觉均可分辨</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Pixels, or per cent of the picture&apos;s width and height</source>
        <translation>像素，或图片宽高的百分比</translation>
    </message>
    <message>
        <source>(locked)</source>
        <translation>（已锁定）</translation>
    </message>
</context>
<context>
    <name>Resuming</name>
    <message>
        <source>Found again what was moved since the program was left.</source>
        <translation>已重新找到上次退出后被移动的文件。</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>RulePage</name>
    <message>
        <source>These judge what the model says of this region alone.</source>
        <translation>这些只判定模型对这一个区域的回答。</translation>
    </message>
    <message>
        <source>What is written as JSON below cannot be shown as rows.</source>
        <translation>下面写成 JSON 的内容无法逐行显示。</translation>
    </message>
    <message>
        <source>A question whose yes is bad, as after a defect, gets a verdict; others get none.</source>
        <translation>回答“是”即表示有问题的提问（例如询问缺陷）会得到判定，其他提问没有判定。</translation>
    </message>
    <message>
        <source>The whole picture</source>
        <translation>整张图片</translation>
    </message>
    <message>
        <source>Region {number}</source>
        <translation>区域 {number}</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Checks of</source>
        <translation>检查对象</translation>
    </message>
    <message>
        <source>As the question asks</source>
        <translation>按问题而定</translation>
    </message>
    <message>
        <source>By the checks below</source>
        <translation>按下列检查</translation>
    </message>
    <message>
        <source>Checks: all must be good for PASS</source>
        <translation>检查：全部合格才判为合格</translation>
    </message>
    <message>
        <source>Findings, how bad they are and what to do</source>
        <translation>发现、严重程度与处理办法</translation>
    </message>
    <message>
        <source>What is a doubt</source>
        <translation>何时存疑</translation>
    </message>
    <message>
        <source>How good the picture must be</source>
        <translation>图片质量要求</translation>
    </message>
    <message>
        <source>How far the part may lie from its template</source>
        <translation>零件相对模板的允许偏移</translation>
    </message>
    <message>
        <source>Add a check</source>
        <translation>添加检查</translation>
    </message>
    <message>
        <source>Add a finding</source>
        <translation>添加发现</translation>
    </message>
    <message>
        <source>As JSON</source>
        <translation>以 JSON 显示</translation>
    </message>
</context>
<context>
    <name>RuleTrial</name>
    <message>
        <source>As if the model were sure of it, in time, and the picture good.</source>
        <translation>假定模型有把握、没有超时、图片质量良好。</translation>
    </message>
    <message>
        <source>Mend what is wrong above first.</source>
        <translation>请先改正上面的错误。</translation>
    </message>
    <message>
        <source>No verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>There is no check here, and the question asks for none.</source>
        <translation>这里没有检查，问题也不要求判定。</translation>
    </message>
    <message>
        <source>Try an answer</source>
        <translation>试一个答案</translation>
    </message>
    <message>
        <source>Type what the model might say</source>
        <translation>输入模型可能给出的答案</translation>
    </message>
</context>
<context>
    <name>SaveRegionsDialog</name>
    <message>
        <source>Save regions into a preset</source>
        <translation>将区域保存到预设</translation>
    </message>
    <message numerus="yes">
        <source>Preset for the %n region(s), or the name of a new one:</source>
        <translation>
            <numerusform>保存这 %n 个区域的预设，或新预设的名称：</numerusform>
        </translation>
    </message>
    <message>
        <source>The regions follow the part</source>
        <translation>区域跟随零件</translation>
    </message>
    <message>
        <source>A copy of this picture is kept with the preset: by it the part is found again where it was shifted, turned or scaled. The regions of the preset are replaced.</source>
        <translation>本图片的副本与预设一起保存：零件移动、旋转或缩放后，凭它重新找到零件。预设中原有的区域将被替换。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Search inspections</source>
        <translation>搜索检查</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Kind of finding</source>
        <translation>发现类型</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Words of questions, answers, findings, notes and paths; &quot;in quotes&quot; as a whole</source>
        <translation>问题、回答、发现、备注和路径中的词；加引号则整体匹配</translation>
    </message>
    <message>
        <source>As it is called in the findings</source>
        <translation>与发现中的名称一致</translation>
    </message>
    <message>
        <source>Any verdict</source>
        <translation>任意判定</translation>
    </message>
    <message>
        <source>No verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>SerialDialog</name>
    <message>
        <source>Which part?</source>
        <translation>是哪个零件？</translation>
    </message>
    <message numerus="yes">
        <source>The picture holds %n codes. Choose the part&apos;s, or scan it.</source>
        <translation>
            <numerusform>图片中有 %n 个码。请选择零件的码，或扫描。</numerusform>
        </translation>
    </message>
    <message>
        <source>No code could be read in the picture. Scan or type the part&apos;s number.</source>
        <translation>图片中没有读到码。请扫描或输入零件编号。</translation>
    </message>
    <message>
        <source>Scan or type a number</source>
        <translation>扫描或输入编号</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检验</translation>
    </message>
    <message>
        <source>Do not inspect</source>
        <translation>不检验</translation>
    </message>
    <message>
        <source>Without a number</source>
        <translation>不带编号</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>There is no picture in {folder}.</source>
        <translation>{folder} 中没有图片。</translation>
    </message>
    <message>
        <source>Choose a folder with PNG, JPEG, TIFF or DICOM files.</source>
        <translation>请选择含有 PNG、JPEG、TIFF 或 DICOM 文件的文件夹。</translation>
    </message>
    <message>
        <source>No picture is open.</source>
        <translation>没有打开的图片。</translation>
    </message>
    <message>
        <source>Open or drop one first.</source>
        <translation>请先打开或拖入一张图片。</translation>
    </message>
    <message>
        <source>You read first: no verdict is shown by itself.</source>
        <translation>您处于先阅片模式：不会自行显示结论。</translation>
    </message>
    <message>
        <source>Switch &quot;Read first, then AI&quot; off for that.</source>
        <translation>如需显示，请关闭“先阅片，后看 AI”。</translation>
    </message>
    <message>
        <source>The question is empty.</source>
        <translation>问题为空。</translation>
    </message>
    <message>
        <source>Type what you want to know.</source>
        <translation>请输入您想知道的内容。</translation>
    </message>
    <message>
        <source>This model cannot serve the chosen strategy.</source>
        <translation>此模型不支持所选策略。</translation>
    </message>
    <message>
        <source>Choose one that is not greyed out, or another model.</source>
        <translation>请选择未变灰的策略，或换一个模型。</translation>
    </message>
    <message>
        <source>No rectangle is drawn.</source>
        <translation>尚未画矩形。</translation>
    </message>
    <message>
        <source>The record kept no picture.</source>
        <translation>记录没有保存图片。</translation>
    </message>
    <message>
        <source>Press R and draw one, or choose another strategy.</source>
        <translation>按 R 画一个矩形，或选择其他策略。</translation>
    </message>
    <message>
        <source>The file was changed after it was opened; it was read again.</source>
        <translation>文件在打开后被更改，已重新读取。</translation>
    </message>
    <message>
        <source>Inspections cannot be stored: answers and reports work, history does not.</source>
        <translation>无法存储检查：回答与报告可用，历史不可用。</translation>
    </message>
    <message>
        <source>This inspection was not stored. Save a report to keep it.</source>
        <translation>此次检查未存储。请保存报告以保留结果。</translation>
    </message>
    <message>
        <source>The file has changed since this inspection.</source>
        <translation>此次检查之后文件已被更改。</translation>
    </message>
    <message>
        <source>Shown is the picture that the record kept.</source>
        <translation>显示的是记录中保存的图片。</translation>
    </message>
    <message>
        <source>The file is no longer where it was.</source>
        <translation>文件已不在原处。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Models …</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>What is on this computer, and pulling more.</source>
        <translation>本机有哪些模型，以及下载更多。</translation>
    </message>
    <message>
        <source>Changes hold at once. A change of the model loads it again in the background.</source>
        <translation>更改立即生效；更换模型时会在后台重新加载。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>模型所在文件夹</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>In use: {name} on {device} with {dtype}</source>
        <translation>正在使用：{name}，设备 {device}，精度 {dtype}</translation>
    </message>
</context>
<context>
    <name>SignDialog</name>
    <message>
        <source>Sign record {number}</source>
        <translation>签署记录 {number}</translation>
    </message>
    <message>
        <source>Reviewed: I looked at the picture and what is said of it.</source>
        <translation>已复核：我看过图片及其结论。</translation>
    </message>
    <message>
        <source>Approved: I stand for the result as it is now.</source>
        <translation>已批准：我对目前的结果负责。</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>签署</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The signature holds for the record as it is now; a later correction shows. It helps meet 21 CFR Part 11.</source>
        <translation>签名对记录目前的状态有效；之后的更正会显示出来。有助于满足 21 CFR Part 11。</translation>
    </message>
</context>
<context>
    <name>Signing</name>
    <message>
        <source>There is no stored record on the screen that could be signed.</source>
        <translation>屏幕上没有可以签署的已存记录。</translation>
    </message>
</context>
<context>
    <name>StatisticsDialog</name>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Failed by shift, %</source>
        <translation>各班次不合格率（%）</translation>
    </message>
    <message>
        <source>Most frequent findings</source>
        <translation>最常见的发现</translation>
    </message>
    <message>
        <source>Dashed: three standard deviations about the share of all. A square lies outside.</source>
        <translation>虚线：总体比率上下三倍标准差。方点在界外。</translation>
    </message>
    <message>
        <source>Shifts</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>People and the program</source>
        <translation>人工与程序</translation>
    </message>
    <message>
        <source>Inspected</source>
        <translation>检查数</translation>
    </message>
    <message>
        <source>No verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>Passed of all judged</source>
        <translation>合格率（已判定）</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>What</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>Save a report about these …</source>
        <translation>为这些检查保存报告…</translation>
    </message>
    <message>
        <source>In each picture of the report, beside the boxes typed in the preview of a single one. Write none where you looked and there is no writing in the pixels; without either, what looks like writing is painted over, and pictures that may name a patient are left out.</source>
        <translation>用于报告中的每幅图片，与在单幅图片预览中输入的框一并生效。已查看且像素中没有文字时写 none；两者都没有时，看似文字之处会被涂盖，可能含患者姓名的图片会被略去。</translation>
    </message>
    <message numerus="yes">
        <source>%n inspections</source>
        <translation>
            <numerusform>%n 次检查</numerusform>
        </translation>
    </message>
    <message>
        <source>passed {share}</source>
        <translation>合格 {share}</translation>
    </message>
    <message>
        <source>kappa of {readers}</source>
        <translation>{readers} 的 kappa</translation>
    </message>
    <message>
        <source>Save a report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>inspections.pdf</source>
        <translation>检查报告.pdf</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>已保存 {name}。</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Model in use</source>
        <translation>正在使用的模型</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Really in use:
model {name}, family {family}
device {device}
precision {dtype}
weights SHA-256 {sha}</source>
        <translation>实际使用：
模型 {name}，家族 {family}
设备 {device}
精度 {dtype}
权重 SHA-256 {sha}</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>loading {model} …</source>
        <translation>正在加载 {model}…</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>the AI reads, unseen</source>
        <translation>AI 正在后台阅片</translation>
    </message>
    <message numerus="yes">
        <source>%n more waiting</source>
        <translation>
            <numerusform>另有 %n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>stopped, nothing stored</source>
        <translation>已停止，未存储任何内容</translation>
    </message>
    <message>
        <source>{vision} pictures and {language} language passes, {tokens} tokens read</source>
        <translation>视觉 {vision} 次，语言 {language} 次，读入 {tokens} 个词元</translation>
    </message>
</context>
<context>
    <name>StudiesDialog</name>
    <message>
        <source>Studies</source>
        <translation>研究</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Way of looking</source>
        <translation>查看方式</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Hit</source>
        <translation>命中</translation>
    </message>
    <message>
        <source>Gap closed</source>
        <translation>弥补差距</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>How often an enlarged part held the middle of the true box.</source>
        <translation>放大部分包含真实框中心的频率。</translation>
    </message>
    <message>
        <source>Of the gap between the whole picture and the true box enlarged.</source>
        <translation>占整图与放大真实框之间差距的比例。</translation>
    </message>
    <message>
        <source>Prompt tokens read a picture, those of the picture included.</source>
        <translation>每张图片读取的提示词元数,含图片本身的词元。</translation>
    </message>
    <message>
        <source>Inspections wait until the study is done or stopped.</source>
        <translation>研究完成或停止之前,检查会等待。</translation>
    </message>
    <message>
        <source>{done} of {total} pictures</source>
        <translation>第 {done} 张,共 {total} 张图片</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>约剩 {time}</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>Stopped; nothing of it was kept.</source>
        <translation>已停止;未保留任何结果。</translation>
    </message>
    <message>
        <source>What a study comes to is shown here.</source>
        <translation>研究结果显示在这里。</translation>
    </message>
    <message>
        <source>Left out ({count})</source>
        <translation>略过 ({count})</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>图</translation>
    </message>
    <message>
        <source>Relative attention in the true box by layer; circles: right answers, squares: wrong ones; dashed: chance; bars: 95 %.</source>
        <translation>各层真实框内的相对注意力;圆点:正确回答,方块:错误回答;虚线:随机水平;竖线:95 %。</translation>
    </message>
    <message>
        <source>Right answers in %, with 95 % intervals; squares are controls.</source>
        <translation>正确回答的百分比及 95 % 区间;方块为对照。</translation>
    </message>
    <message>
        <source>Save the study</source>
        <translation>保存研究</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>{name} could not be written.</source>
        <translation>无法写入 {name}。</translation>
    </message>
</context>
<context>
    <name>StudyChoice</name>
    <message>
        <source>Look this way in the preset …</source>
        <translation>在预设中采用此方式…</translation>
    </message>
    <message>
        <source>Chosen: {way}.</source>
        <translation>选择:{way}。</translation>
    </message>
    <message>
        <source>Label at least 20 pictures to know how it does on others.</source>
        <translation>至少标注 20 张图片,才能知道它在其他图片上的表现。</translation>
    </message>
    <message>
        <source>Chosen on one half of the pictures, it was right on {share} of the other half ({low} to {high}).</source>
        <translation>在一半图片上选出,它在另一半图片上的正确率为 {share}({low} 至 {high})。</translation>
    </message>
    <message>
        <source>Change the preset</source>
        <translation>更改预设</translation>
    </message>
    <message>
        <source>Shall the preset &quot;{name}&quot; look this way: {way}?</source>
        <translation>是否让预设“{name}”采用此方式:{way}?</translation>
    </message>
    <message>
        <source>The preset &quot;{name}&quot; looks this way now.</source>
        <translation>预设“{name}”现在采用此方式。</translation>
    </message>
</context>
<context>
    <name>StudyForm</name>
    <message>
        <source>What is measured</source>
        <translation>测量内容</translation>
    </message>
    <message>
        <source>Scenes that are drawn</source>
        <translation>绘制的场景</translation>
    </message>
    <message>
        <source>Labelled pictures of your own</source>
        <translation>您自己标注的图片</translation>
    </message>
    <message>
        <source>A JSON file</source>
        <translation>一个 JSON 文件</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>A list of image, question, answers and box, as in TextVQA_GT_bbox.</source>
        <translation>由 image、question、answers 和 box 组成的列表，格式同 TextVQA_GT_bbox。</translation>
    </message>
    <message>
        <source>Boxes are</source>
        <translation>框的写法</translation>
    </message>
    <message>
        <source>Scenes per trade and size</source>
        <translation>每个行业和大小的场景数</translation>
    </message>
    <message>
        <source>Most crops</source>
        <translation>最多裁剪数</translation>
    </message>
    <message>
        <source>Labelled pictures</source>
        <translation>已标注的图片</translation>
    </message>
</context>
<context>
    <name>Switching</name>
    <message>
        <source>There are no users yet. The first one looks after all others; without this password nobody can.</source>
        <translation>还没有用户。第一个用户管理其他所有用户；没有此密码就无人能管理。</translation>
    </message>
    <message>
        <source>Add the first admin</source>
        <translation>添加第一个管理员</translation>
    </message>
</context>
<context>
    <name>TemplateMatch</name>
    <message>
        <source>The question as it stands</source>
        <translation>按原样提问</translation>
    </message>
    <message>
        <source>Labelled pictures</source>
        <translation>已标注的图片</translation>
    </message>
    <message>
        <source>No preset is in use: only the strategy chosen now counts.</source>
        <translation>没有使用预设：只按当前选择的策略。</translation>
    </message>
    <message>
        <source>Everything else as in the preset in use: {title}.</source>
        <translation>其余各项与正在使用的预设相同：{title}。</translation>
    </message>
    <message>
        <source>Stopped: nothing is claimed.</source>
        <translation>已停止：不作结论。</translation>
    </message>
    <message numerus="yes">
        <source>%n question(s)</source>
        <translation>
            <numerusform>%n 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>A is right {count} times, alone {alone} times</source>
        <translation>A 答对 {count} 次，其中只有它答对 {alone} 次</translation>
    </message>
    <message>
        <source>B is right {count} times, alone {alone} times</source>
        <translation>B 答对 {count} 次，其中只有它答对 {alone} 次</translation>
    </message>
    <message>
        <source>McNemar&apos;s exact test: p = {p:.3g}</source>
        <translation>McNemar 精确检验：p = {p:.3g}</translation>
    </message>
    <message>
        <source>{name} is right more often; chance alone would rarely show this.</source>
        <translation>{name} 答对得更多；仅凭偶然很少会这样。</translation>
    </message>
    <message>
        <source>The difference may be chance: no claim.</source>
        <translation>差别可能出于偶然：不作结论。</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) could not be opened</source>
        <translation>
            <numerusform>%n 张图片打不开</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare two prompt templates</source>
        <translation>比较两个提示模板</translation>
    </message>
    <message>
        <source>Both are asked about the same labelled pictures. The labels are a CSV file with the columns picture, question, expected. Nothing is stored.</source>
        <translation>两个模板就同一批已标注的图片提问。标注是 CSV 文件，列为 picture、question、expected。不保存任何内容。</translation>
    </message>
    <message>
        <source>Language of both</source>
        <translation>两者的语言</translation>
    </message>
    <message>
        <source>Template A</source>
        <translation>模板 A</translation>
    </message>
    <message>
        <source>Template B</source>
        <translation>模板 B</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Browse …</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Here stand the pictures you open; these are the samples. N or Space goes to the next one, P back.</source>
        <translation>您打开的图片都在这里；现在是示例。按 N 或空格到下一张，按 P 返回。</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Type what you want to know, in English or Chinese. A sample brings a question of its own.</source>
        <translation>输入您想知道的内容，中英文均可。示例自带问题。</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Press Enter in the question, or this. The model reads the whole picture, finds where to look closer, and is asked again. Try it now.</source>
        <translation>在问题中按 Enter，或按此按钮。模型先看整张图片，找到要细看之处，再次作答。现在就试试。</translation>
    </message>
    <message>
        <source>The answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>First the verdict, then what was said before and after zooming, then each enlarged part. Where the two disagree: look for yourself.</source>
        <translation>先是结论，然后是放大前后的回答，再是每个放大的局部。两者不一致时，请亲自查看。</translation>
    </message>
    <message>
        <source>Where the model looked</source>
        <translation>模型注视之处</translation>
    </message>
    <message>
        <source>Colours show where the model looked, not how sure it is; dashed boxes what it was shown enlarged. Hold Tab for the bare picture.</source>
        <translation>颜色表示模型注视之处，而非把握大小；虚线框是放大给它看的局部。按住 Tab 只看图片。</translation>
    </message>
    <message>
        <source>You decide</source>
        <translation>由您决定</translation>
    </message>
    <message>
        <source>Y accepts a finding, Shift+Y rejects it, D marks one of your own. Everything is stored at once; Ctrl+Z takes it back.</source>
        <translation>Y 接受发现，Shift+Y 拒绝，D 标出您自己的发现。一切立即保存；Ctrl+Z 可撤销。</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>F1 opens the help at the panel you are in. This tour is in the Help menu, too.</source>
        <translation>按 F1 打开当前面板的帮助。此导览也在“帮助”菜单中。</translation>
    </message>
    <message>
        <source>{at} of {count}</source>
        <translation>第 {at} 步，共 {count} 步</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Skip the tour</source>
        <translation>跳过导览</translation>
    </message>
</context>
<context>
    <name>TowerRow</name>
    <message>
        <source>Export again</source>
        <translation>重新导出</translation>
    </message>
    <message>
        <source>Export for ONNX Runtime</source>
        <translation>导出到 ONNX Runtime</translation>
    </message>
    <message>
        <source>Vision tower by</source>
        <translation>视觉塔运行于</translation>
    </message>
    <message>
        <source>What runs the part that sees, for every model whose tower was exported.</source>
        <translation>模型中负责看图的部分由什么来运行；对所有已导出视觉塔的模型有效。</translation>
    </message>
    <message>
        <source>Makes the vision tower fit for ONNX Runtime, compares what it sees with PyTorch and measures both. It takes some minutes with a large model.</source>
        <translation>将视觉塔导出供 ONNX Runtime 使用，与 PyTorch 的结果比较，并测量两者的速度。大模型需要几分钟。</translation>
    </message>
</context>
<context>
    <name>UsersDialog</name>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Last signed in</source>
        <translation>上次登录</translation>
    </message>
    <message>
        <source>Add …</source>
        <translation>添加 …</translation>
    </message>
    <message>
        <source>Role …</source>
        <translation>角色 …</translation>
    </message>
    <message>
        <source>New password …</source>
        <translation>新密码 …</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{role}: {rights}</source>
        <translation>{role}：{rights}</translation>
    </message>
    <message>
        <source>active</source>
        <translation>在用</translation>
    </message>
    <message>
        <source>shut after wrong passwords</source>
        <translation>密码错误，已暂停</translation>
    </message>
    <message>
        <source>retired</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>Let return</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Retire</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>The name stands in every record, and is never given twice.</source>
        <translation>姓名会写入每条记录，且绝不重复使用。</translation>
    </message>
    <message>
        <source>Add a user</source>
        <translation>添加用户</translation>
    </message>
    <message>
        <source>An account that was shut is open again.</source>
        <translation>被暂停的账户会重新开放。</translation>
    </message>
    <message>
        <source>Set the password</source>
        <translation>设置密码</translation>
    </message>
    <message>
        <source>The new role goes with a new password.</source>
        <translation>新角色需要新密码。</translation>
    </message>
    <message>
        <source>Change the role</source>
        <translation>更改角色</translation>
    </message>
</context>
<context>
    <name>VerdictBlock</name>
    <message>
        <source>not judged yet</source>
        <translation>尚未判定</translation>
    </message>
</context>
<context>
    <name>ViewsDialog</name>
    <message>
        <source>What the model saw</source>
        <translation>模型看到了什么</translation>
    </message>
    <message>
        <source>Pictures given to the model</source>
        <translation>提供给模型的图片</translation>
    </message>
    <message>
        <source>One pixel on one pixel of the screen (1:1)</source>
        <translation>按 1:1 像素显示</translation>
    </message>
    <message>
        <source>Prompts, exactly as given</source>
        <translation>提示词原文</translation>
    </message>
    <message>
        <source>Crop {letter}</source>
        <translation>局部 {letter}</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>整图</translation>
    </message>
    <message>
        <source>Zoomed</source>
        <translation>放大后</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>中性问题</translation>
    </message>
    <message>
        <source>Nothing was inspected yet.</source>
        <translation>尚未检查任何内容。</translation>
    </message>
    <message>
        <source>This record did not keep its pictures.</source>
        <translation>此记录没有保存图片。</translation>
    </message>
    <message>
        <source>{width} x {height} px as given to the processor; it shows x {x0} to {x1}, y {y0} to {y1} of the picture.</source>
        <translation>提供给处理器的大小为 {width} x {height} px；显示图片中 x {x0} 到 {x1}、y {y0} 到 {y1} 的部分。</translation>
    </message>
    <message>
        <source>The picture&apos;s own pixels, neither enlarged nor reduced.</source>
        <translation>图片自身的像素，未放大也未缩小。</translation>
    </message>
    <message>
        <source>Scaled by {scale}.</source>
        <translation>缩放倍数 {scale}。</translation>
    </message>
    <message>
        <source>What lies outside of the drawn outline was shown in grey.</source>
        <translation>所绘轮廓之外的部分以灰色显示。</translation>
    </message>
    <message>
        <source>Grey through the window of width {width} about {center}.</source>
        <translation>灰度窗：窗宽 {width}，窗位 {center}。</translation>
    </message>
    <message>
        <source>The record kept a smaller copy ({size}).</source>
        <translation>记录中保存的是缩小的副本（{size}）。</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Drop pictures here</source>
        <translation>将图片拖放到这里</translation>
    </message>
    <message>
        <source>Then ask about something small, and see where the model looked.</source>
        <translation>然后就细小之处提问，查看模型注视了哪里。</translation>
    </message>
    <message>
        <source>Open pictures …</source>
        <translation>打开图片…</translation>
    </message>
    <message>
        <source>Open a folder …</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Or begin with a sample</source>
        <translation>或从示例开始</translation>
    </message>
</context>
<context>
    <name>WindowChooser</name>
    <message>
        <source>Shown to the model: as opened</source>
        <translation>给模型看：按打开时的样子</translation>
    </message>
    <message>
        <source>Shown to the model: {windows}</source>
        <translation>给模型看：{windows}</translation>
    </message>
    <message>
        <source>Each chosen grey window is a picture of its own for the model, and so is each crop through it. Where it looked is told of the first.</source>
        <translation>每个选中的窗对模型都是单独的一张图，每个局部也按各窗各给一张。注视之处以第一个窗为准。</translation>
    </message>
    <message>
        <source>As opened</source>
        <translation>按打开时的样子</translation>
    </message>
    <message>
        <source>File: {name}</source>
        <translation>文件：{name}</translation>
    </message>
    <message>
        <source>Automatic (1-99 %)</source>
        <translation>自动（1-99 %）</translation>
    </message>
    <message>
        <source>Full range of values</source>
        <translation>全部数值范围</translation>
    </message>
    <message>
        <source>As on the screen: {window}</source>
        <translation>与屏幕相同：{window}</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>being inspected …</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>not inspected</source>
        <translation>未能检查</translation>
    </message>
    <message>
        <source>asked</source>
        <translation>已提问</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;Open pictures …</source>
        <translation>打开图片(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a &amp;folder …</source>
        <translation>打开文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>Open a &amp;camera …</source>
        <translation>打开相机(&amp;C)…</translation>
    </message>
    <message>
        <source>Back to the &amp;live picture</source>
        <translation>回到实时画面(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Freeze the live picture, or go on</source>
        <translation>定格或继续实时画面(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Operator mode …</source>
        <translation>操作员模式(&amp;O) …</translation>
    </message>
    <message>
        <source>&amp;Trigger</source>
        <translation>触发(&amp;T)</translation>
    </message>
    <message>
        <source>Close the ca&amp;mera</source>
        <translation>关闭相机(&amp;M)</translation>
    </message>
    <message>
        <source>Open the &amp;samples</source>
        <translation>打开示例(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Empty the worklist</source>
        <translation>清空工作列表(&amp;E)</translation>
    </message>
    <message>
        <source>Save annotated &amp;picture …</source>
        <translation>保存标注图片(&amp;P)…</translation>
    </message>
    <message>
        <source>Save &amp;report as PDF …</source>
        <translation>保存 PDF 报告(&amp;R)…</translation>
    </message>
    <message>
        <source>Save record as &amp;JSON …</source>
        <translation>保存 JSON 记录(&amp;J)…</translation>
    </message>
    <message>
        <source>Pre&amp;view the report …</source>
        <translation>预览报告(&amp;V) …</translation>
    </message>
    <message>
        <source>Save report as &amp;web page …</source>
        <translation>将报告存为网页(&amp;W)…</translation>
    </message>
    <message>
        <source>Save record as &amp;table (CSV) …</source>
        <translation>将记录存为表格 (CSV)(&amp;T)…</translation>
    </message>
    <message>
        <source>S&amp;tatistics …</source>
        <translation>统计(&amp;T)…</translation>
    </message>
    <message>
        <source>E&amp;xport and send …</source>
        <translation>导出与发送(&amp;X) …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Previous picture</source>
        <translation>上一张(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Next picture</source>
        <translation>下一张(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Fit the picture</source>
        <translation>适应窗口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;One pixel to one pixel</source>
        <translation>原始大小 1:1(&amp;O)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom o&amp;ut</source>
        <translation>缩小(&amp;U)</translation>
    </message>
    <message>
        <source>Show the &amp;heat</source>
        <translation>显示热图(&amp;H)</translation>
    </message>
    <message>
        <source>Show the &amp;boxes</source>
        <translation>显示方框(&amp;B)</translation>
    </message>
    <message>
        <source>Show the token &amp;grid</source>
        <translation>显示词元网格(&amp;G)</translation>
    </message>
    <message>
        <source>Draw a p&amp;olygon</source>
        <translation>绘制多边形(&amp;O)</translation>
    </message>
    <message>
        <source>D&amp;uplicate the region</source>
        <translation>复制区域(&amp;U)</translation>
    </message>
    <message>
        <source>Make the region &amp;square (1:1)</source>
        <translation>将区域设为正方形 1:1(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Lock the region</source>
        <translation>锁定区域(&amp;L)</translation>
    </message>
    <message>
        <source>Choose the &amp;mark before</source>
        <translation>选择上一个标记(&amp;M)</translation>
    </message>
    <message>
        <source>D&amp;elete what is chosen</source>
        <translation>删除所选(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Accept what the model found</source>
        <translation>接受模型的发现(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Reject what the model found …</source>
        <translation>拒绝模型的发现(&amp;R) …</translation>
    </message>
    <message>
        <source>&amp;Take that back</source>
        <translation>撤回意见(&amp;T)</translation>
    </message>
    <message>
        <source>Correct the &amp;box</source>
        <translation>修正框(&amp;B)</translation>
    </message>
    <message>
        <source>Read &amp;first, then AI</source>
        <translation>先阅片，后看 AI(&amp;F)</translation>
    </message>
    <message>
        <source>Show the AI&apos;s findin&amp;gs</source>
        <translation>显示 AI 的发现(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Mark a finding: box</source>
        <translation>标记发现：框(&amp;M)</translation>
    </message>
    <message>
        <source>Mark a finding: &amp;polygon</source>
        <translation>标记发现：多边形(&amp;P)</translation>
    </message>
    <message>
        <source>Mark a finding: &amp;line with length</source>
        <translation>标记发现：带长度的线(&amp;L)</translation>
    </message>
    <message>
        <source>Mark a finding: p&amp;oint</source>
        <translation>标记发现：点(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Copy marks of the picture before</source>
        <translation>拷贝上一张图片的标记(&amp;C)</translation>
    </message>
    <message>
        <source>To the &amp;findings</source>
        <translation>转到发现(&amp;F)</translation>
    </message>
    <message>
        <source>Sa&amp;ve regions into a preset …</source>
        <translation>将区域保存到预设……(&amp;V)</translation>
    </message>
    <message>
        <source>Remove all re&amp;gions</source>
        <translation>删除所有区域(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Inspect</source>
        <translation>检查(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Type a &amp;question</source>
        <translation>输入问题(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;What the model saw …</source>
        <translation>模型看到了什么(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;Settings …</source>
        <translation>设置(&amp;S)…</translation>
    </message>
    <message>
        <source>Read agai&amp;n</source>
        <translation>重新读取(&amp;N)</translation>
    </message>
    <message>
        <source>The picture alo&amp;ne</source>
        <translation>仅显示图片(&amp;N)</translation>
    </message>
    <message>
        <source>D&amp;raw a rectangle</source>
        <translation>画矩形(&amp;R)</translation>
    </message>
    <message>
        <source>Choose the next mar&amp;k</source>
        <translation>选择下一个标记(&amp;K)</translation>
    </message>
    <message>
        <source>To the reg&amp;ions</source>
        <translation>转到区域(&amp;I)</translation>
    </message>
    <message>
        <source>Panels as a&amp;t first</source>
        <translation>恢复初始面板布局(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help …</source>
        <translation>帮助(&amp;H) …</translation>
    </message>
    <message>
        <source>&amp;Tour through the window</source>
        <translation>窗口导览(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;About and keys …</source>
        <translation>关于与快捷键(&amp;A)…</translation>
    </message>
    <message>
        <source>Stop, then deselect</source>
        <translation>停止，然后取消选择</translation>
    </message>
    <message>
        <source>Back in the s&amp;tack</source>
        <translation>序列中上一张(&amp;T)</translation>
    </message>
    <message>
        <source>On in the stac&amp;k</source>
        <translation>序列中下一张(&amp;K)</translation>
    </message>
    <message>
        <source>Window from the &amp;file</source>
        <translation>文件自带窗(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Automatic window (1-99 %)</source>
        <translation>自动窗 (1-99 %)(&amp;A)</translation>
    </message>
    <message>
        <source>F&amp;ull range of values</source>
        <translation>全部灰度范围(&amp;U)</translation>
    </message>
    <message>
        <source>Soft &amp;tissue (400 / 40)</source>
        <translation>软组织 (400 / 40)(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Lung (1500 / -600)</source>
        <translation>肺 (1500 / -600)(&amp;L)</translation>
    </message>
    <message>
        <source>Li&amp;ver (150 / 90)</source>
        <translation>肝 (150 / 90)(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Bone (2500 / 480)</source>
        <translation>骨 (2500 / 480)(&amp;B)</translation>
    </message>
    <message>
        <source>B&amp;rain (80 / 40)</source>
        <translation>脑 (80 / 40)(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Invert light and dark</source>
        <translation>明暗反转(&amp;I)</translation>
    </message>
    <message>
        <source>Rotate to the ri&amp;ght</source>
        <translation>向右旋转(&amp;G)</translation>
    </message>
    <message>
        <source>R&amp;otate to the left</source>
        <translation>向左旋转(&amp;O)</translation>
    </message>
    <message>
        <source>Flip left and rig&amp;ht</source>
        <translation>左右翻转(&amp;H)</translation>
    </message>
    <message>
        <source>Flip top and botto&amp;m</source>
        <translation>上下翻转(&amp;M)</translation>
    </message>
    <message>
        <source>Re&amp;set window, turn and zoom</source>
        <translation>重置窗、方向与缩放(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Window by dragging</source>
        <translation>拖动调窗(&amp;W)</translation>
    </message>
    <message>
        <source>Mov&amp;e by dragging</source>
        <translation>拖动平移(&amp;E)</translation>
    </message>
    <message>
        <source>Stu&amp;dies …</source>
        <translation>研究(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Length</source>
        <translation>长度(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Size by two axes</source>
        <translation>双径测量(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Angle</source>
        <translation>角度(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Calibrate with the last length …</source>
        <translation>用最后一条长度标定(&amp;C) …</translation>
    </message>
    <message>
        <source>&amp;Take the calibration back</source>
        <translation>取消标定(&amp;T)</translation>
    </message>
    <message>
        <source>U&amp;ndo</source>
        <translation>撤销(&amp;N)</translation>
    </message>
    <message>
        <source>Re&amp;do</source>
        <translation>重做(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Remove the measurements</source>
        <translation>移除测量(&amp;R)</translation>
    </message>
    <message>
        <source>Show the corner te&amp;xts</source>
        <translation>显示四角文字(&amp;X)</translation>
    </message>
    <message>
        <source>Hide the &amp;patient</source>
        <translation>隐藏患者信息(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Compare with this picture</source>
        <translation>与此图片对照(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Link the compared pictures</source>
        <translation>联动对照图片(&amp;L)</translation>
    </message>
    <message>
        <source>Inspect the ne&amp;xt pictures ahead</source>
        <translation>预先检查后面的图片(&amp;X)</translation>
    </message>
    <message>
        <source>Pause r&amp;un-ahead</source>
        <translation>暂停预先检查(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Presets …</source>
        <translation>预设(&amp;P) …</translation>
    </message>
    <message>
        <source>&amp;Models …</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Keys and mouse …</source>
        <translation>快捷键与鼠标(&amp;K) …</translation>
    </message>
    <message>
        <source>&amp;Sign the record …</source>
        <translation>签署记录(&amp;S) …</translation>
    </message>
    <message>
        <source>Save the t&amp;rail …</source>
        <translation>保存审计日志(&amp;R) …</translation>
    </message>
    <message>
        <source>&amp;Back the records up …</source>
        <translation>备份记录(&amp;B) …</translation>
    </message>
    <message>
        <source>Put a ba&amp;ckup back …</source>
        <translation>恢复备份(&amp;C) …</translation>
    </message>
    <message>
        <source>Wipe &amp;logs and caches</source>
        <translation>清除日志和缓存(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Users …</source>
        <translation>用户(&amp;U) …</translation>
    </message>
    <message>
        <source>Lock the &amp;window</source>
        <translation>锁定窗口(&amp;W)</translation>
    </message>
    <message>
        <source>Si&amp;gn out, or switch user …</source>
        <translation>登出或切换用户(&amp;G) …</translation>
    </message>
</context>
<context>
    <name>board</name>
    <message>
        <source>OK</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>CHECK</source>
        <translation>待复判</translation>
    </message>
</context>
<context>
    <name>corners</name>
    <message>
        <source>from the file</source>
        <translation>文件自带</translation>
    </message>
    <message>
        <source>full range</source>
        <translation>全范围</translation>
    </message>
    <message>
        <source>1-99 %</source>
        <translation>1-99 %</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>soft tissue</source>
        <translation>软组织</translation>
    </message>
    <message>
        <source>lung</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>liver</source>
        <translation>肝</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>骨</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>脑</translation>
    </message>
    <message>
        <source>pixel spacing</source>
        <translation>像素间距</translation>
    </message>
    <message>
        <source>ultrasound region</source>
        <translation>超声区域</translation>
    </message>
    <message>
        <source>film scanner</source>
        <translation>胶片扫描仪</translation>
    </message>
    <message>
        <source>patient hidden</source>
        <translation>患者信息已隐藏</translation>
    </message>
    <message>
        <source>slice at {mm} mm</source>
        <translation>层面位置 {mm} mm</translation>
    </message>
    <message>
        <source>{mm} mm thick</source>
        <translation>层厚 {mm} mm</translation>
    </message>
    <message>
        <source>W {width} L {center}, {name}</source>
        <translation>窗宽 {width} 窗位 {center}，{name}</translation>
    </message>
    <message>
        <source>mm: {name}</source>
        <translation>毫米依据：{name}</translation>
    </message>
    <message>
        <source>FLIPPED</source>
        <translation>已翻转</translation>
    </message>
    <message>
        <source>ROTATED {degrees}°</source>
        <translation>已旋转 {degrees}°</translation>
    </message>
    <message>
        <source>INVERTED</source>
        <translation>已反相</translation>
    </message>
    <message>
        <source>the model is shown {window}</source>
        <translation>给模型看的是 {window}</translation>
    </message>
    <message>
        <source>laterality unknown</source>
        <translation>左右侧未知</translation>
    </message>
    <message>
        <source>laterality {side}</source>
        <translation>侧别 {side}</translation>
    </message>
    <message>
        <source>lossy compressed</source>
        <translation>有损压缩</translation>
    </message>
    <message>
        <source>secondary capture</source>
        <translation>二次采集</translation>
    </message>
    <message>
        <source>derived picture</source>
        <translation>派生图像</translation>
    </message>
    <message>
        <source>texts burned into the picture</source>
        <translation>图中含烧录文字</translation>
    </message>
    <message>
        <source>pixels are not square ({x} {times} {y} mm)</source>
        <translation>像素非正方形（{x} {times} {y} mm）</translation>
    </message>
</context>
<context>
    <name>fault</name>
    <message>
        <source>this entry is missing</source>
        <translation>缺少此项</translation>
    </message>
    <message>
        <source>there is no such entry</source>
        <translation>没有这样的条目</translation>
    </message>
    <message>
        <source>it may not be empty</source>
        <translation>不能为空</translation>
    </message>
    <message>
        <source>there is no such kind of check</source>
        <translation>没有这种检查</translation>
    </message>
    <message>
        <source>an expected text must not be empty</source>
        <translation>预期文字不能为空</translation>
    </message>
    <message>
        <source>a number range needs a finite low or high limit</source>
        <translation>数值范围需要有限的下限或上限</translation>
    </message>
    <message>
        <source>no number is at least {low} and at most {high}</source>
        <translation>没有数既不小于 {low} 又不大于 {high}</translation>
    </message>
    <message>
        <source>the unit &quot;{name}&quot; is not known</source>
        <translation>不认识单位“{name}”</translation>
    </message>
    <message>
        <source>a list of codes needs codes</source>
        <translation>编码清单里要有编码</translation>
    </message>
    <message>
        <source>answer patterns must not be empty</source>
        <translation>答案模式不能为空</translation>
    </message>
    <message>
        <source>a good pattern must say something</source>
        <translation>合格模式必须有内容</translation>
    </message>
    <message>
        <source>the pattern &quot;{name}&quot; is both good and bad</source>
        <translation>模式“{name}”既合格又不合格</translation>
    </message>
    <message>
        <source>a finding type and its words must not be empty</source>
        <translation>发现的名称和词不能为空</translation>
    </message>
    <message>
        <source>a margin lies between 0 and 1, not at {number}</source>
        <translation>差距在 0 和 1 之间，不能是 {number}</translation>
    </message>
    <message>
        <source>a time limit must be longer than nothing</source>
        <translation>时间限值必须大于零</translation>
    </message>
    <message>
        <source>the finding type &quot;{name}&quot; stands twice in the table</source>
        <translation>发现“{name}”在表中出现了两次</translation>
    </message>
    <message>
        <source>a check of kind &quot;named&quot; needs the table of finding types</source>
        <translation>“说出问题所在”的检查需要发现表</translation>
    </message>
    <message>
        <source>one rule takes yes for bad, another takes no for bad</source>
        <translation>一条规则把“是”当作不合格，另一条把“否”当作不合格</translation>
    </message>
    <message>
        <source>no answer is on every list of expected texts and codes</source>
        <translation>没有一个答案同时在所有预期文字和编码清单中</translation>
    </message>
    <message>
        <source>allowed travel cannot be negative, nor a score outside of 0 to 1</source>
        <translation>允许的偏移不能为负，得分不能超出 0 到 1</translation>
    </message>
    <message>
        <source>at most {count} characters</source>
        <translation>最多 {count} 个字符</translation>
    </message>
    <message>
        <source>it must be a whole number</source>
        <translation>必须是整数</translation>
    </message>
    <message>
        <source>it must be a number</source>
        <translation>必须是数字</translation>
    </message>
    <message>
        <source>it must be a finite number</source>
        <translation>必须是有限的数字</translation>
    </message>
    <message>
        <source>it must be a text</source>
        <translation>必须是文字</translation>
    </message>
    <message>
        <source>it must be true or false</source>
        <translation>必须是 true 或 false</translation>
    </message>
    <message>
        <source>it must be more than {number}</source>
        <translation>必须大于 {number}</translation>
    </message>
    <message>
        <source>it must be at least {number}</source>
        <translation>至少为 {number}</translation>
    </message>
    <message>
        <source>it must be less than {number}</source>
        <translation>必须小于 {number}</translation>
    </message>
    <message>
        <source>it must be at most {number}</source>
        <translation>至多为 {number}</translation>
    </message>
    <message>
        <source>choose one of {names}</source>
        <translation>请从 {names} 中选择</translation>
    </message>
    <message>
        <source>at most {count} entries</source>
        <translation>最多 {count} 项</translation>
    </message>
    <message>
        <source>at least {count} entries</source>
        <translation>至少 {count} 项</translation>
    </message>
    <message>
        <source>it is no such name</source>
        <translation>不是这样的名称</translation>
    </message>
    <message>
        <source>it must be a list</source>
        <translation>必须是列表</translation>
    </message>
    <message>
        <source>too few numbers</source>
        <translation>数字不足</translation>
    </message>
    <message>
        <source>it must be one object with entries</source>
        <translation>必须是含条目的对象</translation>
    </message>
    <message>
        <source>a region needs an area: x0 &lt; x1 and y0 &lt; y1</source>
        <translation>区域必须有面积：x0 &lt; x1 且 y0 &lt; y1</translation>
    </message>
    <message>
        <source>a region begins inside the picture: no edge below 0</source>
        <translation>区域须始于图片之内：边界不得小于 0</translation>
    </message>
    <message>
        <source>a region in per cent ends at 100</source>
        <translation>百分比区域止于 100</translation>
    </message>
    <message>
        <source>a region in pixels has whole edges</source>
        <translation>像素区域的边界须为整数</translation>
    </message>
    <message>
        <source>a polygon has three corners, an area, and no angle</source>
        <translation>多边形需要三个角、有面积且没有角度</translation>
    </message>
    <message>
        <source>name good and bad samples: one kind alone proves nothing</source>
        <translation>请同时列出合格与不合格样件：只有一类不能证明任何事</translation>
    </message>
    <message>
        <source>regions of interest are looked at by the strategy &quot;manual&quot; only, not by &quot;{name}&quot;</source>
        <translation>只有策略“manual”查看感兴趣区域，“{name}”不查看</translation>
    </message>
    <message>
        <source>there is no &quot;{name}&quot;; choose from {names}</source>
        <translation>没有“{name}”；可选 {names}</translation>
    </message>
    <message>
        <source>there is no model &quot;{name}&quot;; choose from {names}</source>
        <translation>没有模型“{name}”；可选 {names}</translation>
    </message>
    <message>
        <source>the template needs words for {name}</source>
        <translation>模板需要为 {name} 填写文字</translation>
    </message>
    <message>
        <source>{value} is no version</source>
        <translation>{value} 不是版本号</translation>
    </message>
    <message>
        <source>it has version {version}, and this program knows versions up to {known}</source>
        <translation>其版本为 {version}，本程序只认识到版本 {known}</translation>
    </message>
    <message>
        <source>it holds half a character</source>
        <translation>其中有不完整的字符</translation>
    </message>
    <message>
        <source>it is no JSON</source>
        <translation>不是 JSON</translation>
    </message>
    <message>
        <source>it is no JSON in line {number}</source>
        <translation>第 {number} 行不是 JSON</translation>
    </message>
    <message>
        <source>it is larger than any preset</source>
        <translation>比任何预设都大</translation>
    </message>
    <message>
        <source>its preset is larger than any preset</source>
        <translation>其中的预设比任何预设都大</translation>
    </message>
    <message>
        <source>it is not one object with entries</source>
        <translation>不是一个带条目的对象</translation>
    </message>
    <message>
        <source>they are not one object with entries</source>
        <translation>不是一个带条目的对象</translation>
    </message>
    <message>
        <source>they are no list</source>
        <translation>不是列表</translation>
    </message>
    <message>
        <source>two of its files have the same name</source>
        <translation>其中有两个文件同名</translation>
    </message>
    <message>
        <source>it holds no preset, or several</source>
        <translation>其中没有预设，或有多个</translation>
    </message>
    <message>
        <source>it holds more than the preset and {name}</source>
        <translation>除预设和 {name} 外还有别的内容</translation>
    </message>
    <message>
        <source>it names {name}, which it does not hold</source>
        <translation>提到了 {name}，但其中没有</translation>
    </message>
    <message>
        <source>{name} is no name of a picture in it</source>
        <translation>{name} 不是其中图片的名称</translation>
    </message>
    <message>
        <source>There is no prompt template &quot;{name}&quot; in the language &quot;{language}&quot;. Choose from: {names}</source>
        <translation>语言“{language}”中没有提示词模板“{name}”；可选 {names}</translation>
    </message>
    <message>
        <source>The template is empty.</source>
        <translation>模板是空的。</translation>
    </message>
    <message>
        <source>The template is longer than {count} characters.</source>
        <translation>模板超过 {count} 个字符。</translation>
    </message>
    <message>
        <source>There is no variable {name}.</source>
        <translation>没有变量 {name}。</translation>
    </message>
    <message>
        <source>A brace is open or closed without its partner.</source>
        <translation>有花括号没有配对。</translation>
    </message>
    <message>
        <source>&quot;{words}&quot; belongs to the card of the model, which puts it in its place.</source>
        <translation>“{words}”属于模型卡片，由它放到应有的位置。</translation>
    </message>
    <message>
        <source>The template does not end at the answer: its last sentence must be the question or say how to answer.</source>
        <translation>模板没有以作答处结尾：最后一句必须是问题，或说明如何作答。</translation>
    </message>
    <message>
        <source>there is no file {name}</source>
        <translation>没有文件 {name}</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Open pictures</source>
        <translation>打开图片</translation>
    </message>
    <message>
        <source>Open a folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Back the records up</source>
        <translation>备份记录</translation>
    </message>
    <message>
        <source>Put a backup back</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Save the trail</source>
        <translation>保存审计日志</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>finding</name>
    <message>
        <source>note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>minor</source>
        <translation>轻微</translation>
    </message>
    <message>
        <source>major</source>
        <translation>严重</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>致命</translation>
    </message>
    <message>
        <source>defect</source>
        <translation>缺陷</translation>
    </message>
    <message>
        <source>wrong text</source>
        <translation>文字不符</translation>
    </message>
    <message>
        <source>wrong code</source>
        <translation>编码不符</translation>
    </message>
    <message>
        <source>out of range</source>
        <translation>超出范围</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>crack</source>
        <translation>裂纹</translation>
    </message>
    <message>
        <source>scratch</source>
        <translation>划痕</translation>
    </message>
    <message>
        <source>dent</source>
        <translation>凹坑</translation>
    </message>
    <message>
        <source>stain</source>
        <translation>污渍</translation>
    </message>
    <message>
        <source>hole</source>
        <translation>孔洞</translation>
    </message>
    <message>
        <source>missing part</source>
        <translation>缺件</translation>
    </message>
    <message>
        <source>nodule</source>
        <translation>结节</translation>
    </message>
    <message>
        <source>fracture</source>
        <translation>骨折</translation>
    </message>
</context>
<context>
    <name>golden</name>
    <message>
        <source>Golden samples are due</source>
        <translation>请检验标准样件</translation>
    </message>
    <message>
        <source>Golden samples {done} of {total}</source>
        <translation>标准样件 {done} / {total}</translation>
    </message>
    <message>
        <source>BLOCKED</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>No part is inspected before their verdicts are right.</source>
        <translation>在标准样件判定正确之前，不检验任何零件。</translation>
    </message>
    <message>
        <source>{name}: must be {expected}, was {said} ({words})</source>
        <translation>{name}：应为 {expected}，结果为 {said}（{words}）</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message>
        <source>Hold: the bare picture</source>
        <translation>按住：仅看原图</translation>
    </message>
    <message>
        <source>Left button</source>
        <translation>左键</translation>
    </message>
    <message>
        <source>Middle button</source>
        <translation>中键</translation>
    </message>
    <message>
        <source>Right button</source>
        <translation>右键</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation>Ctrl 加滚轮</translation>
    </message>
    <message>
        <source>Shift and wheel</source>
        <translation>Shift 加滚轮</translation>
    </message>
    <message>
        <source>The tool in hand</source>
        <translation>当前工具</translation>
    </message>
    <message>
        <source>Grey window</source>
        <translation>调窗</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Leaf through the stack, else zoom</source>
        <translation>翻阅序列，否则缩放</translation>
    </message>
    <message>
        <source>Next picture of the worklist</source>
        <translation>工作列表中的下一张</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>here</source>
        <translation>已在本机</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>不在本机</translation>
    </message>
    <message>
        <source>half pulled</source>
        <translation>下载未完成</translation>
    </message>
    <message>
        <source>on a server</source>
        <translation>在服务器上</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>正在询问</translation>
    </message>
    <message>
        <source>Fetching</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>Putting in place</source>
        <translation>正在就位</translation>
    </message>
    <message>
        <source>Looking into it</source>
        <translation>正在查看</translation>
    </message>
    <message>
        <source>Exporting the vision tower</source>
        <translation>正在导出视觉塔</translation>
    </message>
    <message>
        <source>Comparing and measuring</source>
        <translation>正在比较和测量</translation>
    </message>
    <message>
        <source>It answers on a server, which does not tell where it looks: no heat map, and no strategy that needs one. Pictures that are asked about are sent there.</source>
        <translation>它在服务器上回答，服务器不透露它看向何处:没有热图，也不能用需要热图的策略。被提问的图片会发送到该服务器。</translation>
    </message>
    <message>
        <source>not for this version</source>
        <translation>此版本不支持</translation>
    </message>
    <message>
        <source>This program cannot load its family yet.</source>
        <translation>本程序尚不能加载这一系列的模型。</translation>
    </message>
    <message>
        <source>It would run in {precision} here.</source>
        <translation>在本机将以 {precision} 运行。</translation>
    </message>
    <message>
        <source>Too large for this computer in every precision.</source>
        <translation>任何精度下都超出本机内存。</translation>
    </message>
    <message>
        <source>Licence: {licence}.</source>
        <translation>许可：{licence}。</translation>
    </message>
    <message>
        <source>Published as {repository}.</source>
        <translation>发布于 {repository}。</translation>
    </message>
    <message>
        <source>Here is commit {commit}.</source>
        <translation>此处为提交 {commit}。</translation>
    </message>
    <message>
        <source>{size} in {folder}.</source>
        <translation>{size}，位于 {folder}。</translation>
    </message>
    <message>
        <source>Needs {need} in {precision}; {free} are free.</source>
        <translation>以 {precision} 运行需要 {need}，可用 {free}。</translation>
    </message>
</context>
<context>
    <name>note</name>
    <message>
        <source>the regions stay where they were drawn</source>
        <translation>区域保持在原绘制位置</translation>
    </message>
    <message>
        <source>the part was not looked for: {reason}</source>
        <translation>未查找零件：{reason}</translation>
    </message>
    <message>
        <source>part found by {method}: moved {across} across and {down} down, turned {turn}, scale {scale}, score {score}, error {error} px</source>
        <translation>零件已找到（{method}）：横移 {across}，纵移 {down}，旋转 {turn}，缩放 {scale}，得分 {score}，误差 {error} px</translation>
    </message>
    <message>
        <source>not zoomed: the first answer was sure</source>
        <translation>未放大：首次回答已足够确定</translation>
    </message>
    <message>
        <source>searched inside the drawn regions only</source>
        <translation>仅在绘制的区域内查找</translation>
    </message>
    <message>
        <source>not zoomed: no part of the picture stands out</source>
        <translation>未放大：没有突出的部分</translation>
    </message>
    <message>
        <source>experiment left out: there is no map of where the model looked</source>
        <translation>未做实验：没有模型注视位置的图</translation>
    </message>
    <message>
        <source>experiment left out: no region is looked at closer</source>
        <translation>未做实验：没有要放大查看的区域</translation>
    </message>
    <message>
        <source>the model does not know the language of the question</source>
        <translation>模型不懂该问题的语言</translation>
    </message>
    <message>
        <source>experiment left out: out of memory</source>
        <translation>未做实验：内存不足</translation>
    </message>
    <message>
        <source>fewer crops: the token budget has room for {count}</source>
        <translation>放大区域减少：词元预算只够 {count} 个</translation>
    </message>
    <message>
        <source>the enlarged part is shown with fewer pixels: the model has no room for more</source>
        <translation>放大的部分以较少的像素显示：模型容纳不下更多</translation>
    </message>
    <message>
        <source>inspected ahead, before anybody asked</source>
        <translation>预先检查：当时尚无人提问</translation>
    </message>
    <message>
        <source>not stored: {reason}</source>
        <translation>未存储：{reason}</translation>
    </message>
    <message>
        <source>preset {name} {version}, changed</source>
        <translation>预设 {name} {version}，已改动</translation>
    </message>
    <message>
        <source>preset {name} {version}</source>
        <translation>预设 {name} {version}</translation>
    </message>
    <message>
        <source>stepped down to 1 crop: out of memory</source>
        <translation>内存不足，减为 1 处局部</translation>
    </message>
    <message>
        <source>stepped down to {count} crops: out of memory</source>
        <translation>内存不足，减为 {count} 处局部</translation>
    </message>
    <message>
        <source>stepped down to the CPU in {precision}: out of memory</source>
        <translation>内存不足，改用 CPU（{precision}）</translation>
    </message>
    <message>
        <source>stepped down to looking at the picture smaller, not in tiles: out of memory</source>
        <translation>内存不足，改为缩小查看图像，不再分块</translation>
    </message>
    <message>
        <source>stepped down to {precision}: out of memory</source>
        <translation>内存不足，改用 {precision}</translation>
    </message>
    <message>
        <source>forgot the pictures before this one: out of memory</source>
        <translation>内存不足，已忘记此前的图像</translation>
    </message>
    <message>
        <source>looked at the picture smaller, not in tiles: memory ended before</source>
        <translation>此前内存不足，缩小查看图像，不分块</translation>
    </message>
    <message>
        <source>only 1 crop of {count}: memory ended before</source>
        <translation>此前内存不足，{count} 处局部只看 1 处</translation>
    </message>
    <message>
        <source>only {crops} crops of {count}: memory ended before</source>
        <translation>此前内存不足，{count} 处局部只看 {crops} 处</translation>
    </message>
    <message>
        <source>runs on the CPU in {precision}: memory ended before</source>
        <translation>此前内存不足，在 CPU 上以 {precision} 运行</translation>
    </message>
    <message>
        <source>runs in {precision}: memory ended before</source>
        <translation>此前内存不足，以 {precision} 运行</translation>
    </message>
    <message>
        <source>runs in {precision}: not enough free memory for {usual}</source>
        <translation>以 {precision} 运行：空闲内存不够用 {usual}</translation>
    </message>
    <message>
        <source>operator {name}</source>
        <translation>操作员 {name}</translation>
    </message>
    <message>
        <source>part {serial}</source>
        <translation>工件 {serial}</translation>
    </message>
    <message>
        <source>page {number} of {count}</source>
        <translation>第 {number} 页，共 {count} 页</translation>
    </message>
    <message>
        <source>frame {number} of {count}</source>
        <translation>第 {number} 帧，共 {count} 帧</translation>
    </message>
    <message>
        <source>at {time} s</source>
        <translation>时间 {time} 秒</translation>
    </message>
    <message>
        <source>drawn at {dpi} dpi</source>
        <translation>按 {dpi} dpi 绘制</translation>
    </message>
    <message>
        <source>transparent parts are shown white</source>
        <translation>透明部分显示为白色</translation>
    </message>
    <message>
        <source>0 is shown white</source>
        <translation>0 显示为白色</translation>
    </message>
    <message>
        <source>{bits}-bit values kept to 24 bits</source>
        <translation>{bits} 位数值保留 24 位</translation>
    </message>
    <message>
        <source>{bits}-bit colour shown with 8 bits</source>
        <translation>{bits} 位彩色按 8 位显示</translation>
    </message>
    <message>
        <source>CIELAB shown as sRGB</source>
        <translation>CIELAB 按 sRGB 显示</translation>
    </message>
    <message>
        <source>colour profile {name} brought to sRGB</source>
        <translation>颜色配置 {name} 已转换为 sRGB</translation>
    </message>
    <message>
        <source>its colour profile is damaged and was left out</source>
        <translation>其颜色配置已损坏，未使用</translation>
    </message>
    <message>
        <source>pixels are not square ({ratio})</source>
        <translation>像素不是正方形（{ratio}）</translation>
    </message>
    <message>
        <source>pixels are not square</source>
        <translation>像素不是正方形</translation>
    </message>
    <message>
        <source>lossy compressed</source>
        <translation>有损压缩</translation>
    </message>
    <message>
        <source>overlay graphics of the file are not shown</source>
        <translation>未显示文件的叠加图形</translation>
    </message>
    <message>
        <source>grey by the file&apos;s own table</source>
        <translation>灰度按文件自带的查找表</translation>
    </message>
    <message>
        <source>the file has no valid grey window: an automatic one is shown</source>
        <translation>文件没有有效的窗宽窗位：按自动窗显示</translation>
    </message>
    <message>
        <source>pixel spacing is that of the detector: no millimetres</source>
        <translation>像素间距为探测器间距：不给出毫米</translation>
    </message>
    <message>
        <source>only the detector&apos;s pixel spacing is known: no millimetres</source>
        <translation>仅知探测器像素间距：不给出毫米</translation>
    </message>
</context>
<context>
    <name>number</name>
    <message>
        <source>not told</source>
        <translation>未提供</translation>
    </message>
</context>
<context>
    <name>preset</name>
    <message>
        <source>Name of the copy</source>
        <translation>副本名称</translation>
    </message>
    <message>
        <source>Name, which is also that of its file:</source>
        <translation>名称（也是文件名）：</translation>
    </message>
    <message>
        <source>There is a preset &quot;{name}&quot; already. Name:</source>
        <translation>已有预设“{name}”。名称：</translation>
    </message>
    <message>
        <source>Import a preset</source>
        <translation>导入预设</translation>
    </message>
    <message>
        <source>Export the preset</source>
        <translation>导出预设</translation>
    </message>
    <message>
        <source>Give up your changes to &quot;{name}&quot; and show the shipped preset again?</source>
        <translation>放弃对“{name}”的改动并恢复自带的预设？</translation>
    </message>
    <message>
        <source>Remove &quot;{name}&quot; for good?</source>
        <translation>永久删除“{name}”？</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>As in the settings</source>
        <translation>同设置</translation>
    </message>
    <message>
        <source>The question as it stands</source>
        <translation>原问题</translation>
    </message>
    <message>
        <source>None of them</source>
        <translation>都不是</translation>
    </message>
    <message>
        <source>Best for the device</source>
        <translation>最适合设备</translation>
    </message>
    <message>
        <source>A scanner</source>
        <translation>扫描枪</translation>
    </message>
    <message>
        <source>The code in the picture</source>
        <translation>图片中的码</translation>
    </message>
    <message>
        <source>The name of the picture&apos;s file</source>
        <translation>图片的文件名</translation>
    </message>
    <message>
        <source>Read first, then AI</source>
        <translation>先阅片，后看 AI</translation>
    </message>
    <message>
        <source>The AI&apos;s findings at once</source>
        <translation>立即显示 AI 的发现</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>To the regions looked at closer</source>
        <translation>对放大查看的区域</translation>
    </message>
    <message>
        <source>As the map shows</source>
        <translation>按注视图所示</translation>
    </message>
    <message>
        <source>After every inspection</source>
        <translation>每次检查之后</translation>
    </message>
    <message>
        <source>One at the end of a batch or shift</source>
        <translation>批次或班次结束时一份</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Title in Chinese</source>
        <translation>中文标题</translation>
    </message>
    <message>
        <source>About</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>About, in Chinese</source>
        <translation>中文说明</translation>
    </message>
    <message>
        <source>Trade</source>
        <translation>行业</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Prompt template</source>
        <translation>提示模板</translation>
    </message>
    <message>
        <source>Language of the template</source>
        <translation>模板语言</translation>
    </message>
    <message>
        <source>Words for the template</source>
        <translation>模板用词</translation>
    </message>
    <message>
        <source>Neutral question</source>
        <translation>中性问题</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Crops</source>
        <translation>裁剪数</translation>
    </message>
    <message>
        <source>Zoom only below</source>
        <translation>低于此值才放大</translation>
    </message>
    <message>
        <source>Layer of the map</source>
        <translation>热图所用层</translation>
    </message>
    <message>
        <source>Ask about each crop alone</source>
        <translation>单独询问每个裁剪</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长回答</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>尺度</translation>
    </message>
    <message>
        <source>Crops at scales</source>
        <translation>放大区域的倍数</translation>
    </message>
    <message>
        <source>Merge from overlap</source>
        <translation>合并重叠阈值</translation>
    </message>
    <message>
        <source>Average merged boxes</source>
        <translation>合并框取平均</translation>
    </message>
    <message>
        <source>Questions of a search</source>
        <translation>搜索提问上限</translation>
    </message>
    <message>
        <source>Input resolution</source>
        <translation>输入分辨率</translation>
    </message>
    <message>
        <source>Token budget</source>
        <translation>词元预算</translation>
    </message>
    <message>
        <source>Attention factor</source>
        <translation>注意力倍数</translation>
    </message>
    <message>
        <source>Attention raised</source>
        <translation>注意力提高</translation>
    </message>
    <message>
        <source>Mixed answer</source>
        <translation>混合回答</translation>
    </message>
    <message>
        <source>Grey windows</source>
        <translation>灰度窗</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Template picture</source>
        <translation>模板图片</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Serial number from</source>
        <translation>序列号来源</translation>
    </message>
    <message>
        <source>Good golden samples</source>
        <translation>合格标准样件</translation>
    </message>
    <message>
        <source>Bad golden samples</source>
        <translation>不合格标准样件</translation>
    </message>
    <message>
        <source>Shown of each kind</source>
        <translation>每类检验数量</translation>
    </message>
    <message>
        <source>Again after hours</source>
        <translation>间隔小时数</translation>
    </message>
    <message>
        <source>Pictures ahead</source>
        <translation>预先检查张数</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批量</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Reports are written</source>
        <translation>报告写出时机</translation>
    </message>
    <message>
        <source>Folder of reports</source>
        <translation>报告文件夹</translation>
    </message>
    <message>
        <source>Aim: right answers</source>
        <translation>目标：正确率</translation>
    </message>
    <message>
        <source>Aim: time in ms</source>
        <translation>目标：用时 (ms)</translation>
    </message>
    <message>
        <source>What it is for, and what it cannot do.</source>
        <translation>用途，以及不能做什么。</translation>
    </message>
    <message>
        <source>Empty: the one in the settings.</source>
        <translation>空：使用设置中的模型。</translation>
    </message>
    <message>
        <source>The question it begins with.</source>
        <translation>开始时的问题。</translation>
    </message>
    <message>
        <source>How the question is put; none: as it stands.</source>
        <translation>如何提问；不选则照原样。</translation>
    </message>
    <message>
        <source>One a line: target = label</source>
        <translation>每行一个：target = label</translation>
    </message>
    <message>
        <source>Tells what any question would heat.</source>
        <translation>用于得知任何问题都会关注之处。</translation>
    </message>
    <message>
        <source>0 to 1: the least sure word; empty: always zoom.</source>
        <translation>0 到 1：最不确定的词；空：总是放大。</translation>
    </message>
    <message>
        <source>Empty: the one on the model&apos;s card.</source>
        <translation>空：使用模型卡片上的值。</translation>
    </message>
    <message>
        <source>In tokens; empty: as on the model&apos;s card.</source>
        <translation>以词元计；空：同模型卡片。</translation>
    </message>
    <message>
        <source>For tiles, by commas: 1, 2, 4</source>
        <translation>用于分块，以逗号分隔：1, 2, 4</translation>
    </message>
    <message>
        <source>1, 2 shows each place, and its middle twice as close; boxes alike become one.</source>
        <translation>填 1, 2 时每处都显示，并把中间部分再放大一倍；相近的框合并为一个。</translation>
    </message>
    <message>
        <source>Of pictures in a prompt: crops that do not fit are left out; empty: no limit.</source>
        <translation>一次提问中图片所占的词元；放不下的放大区域会省去；留空：不限。</translation>
    </message>
    <message>
        <source>Pictures that go through the network at once in a batch.</source>
        <translation>批量处理时一次送入网络的图片数。</translation>
    </message>
    <message>
        <source>Written without being asked for, by commas: pdf, html, csv, json, png</source>
        <translation>自动写出的报告格式，用逗号分隔：pdf, html, csv, json, png</translation>
    </message>
    <message>
        <source>Empty: “reports” beside the records.</source>
        <translation>留空：记录旁边的“reports”文件夹。</translation>
    </message>
    <message>
        <source>At most so many; empty: as the strategy likes.</source>
        <translation>至多这么多次；空：由策略决定。</translation>
    </message>
    <message>
        <source>0.5 to 4 times the side that the model takes in; 1 as it was trained.</source>
        <translation>模型输入边长的 0.5 到 4 倍;1 为训练时的大小。</translation>
    </message>
    <message>
        <source>Experiment, 1 to 2; without effect as long as the next entry is off.</source>
        <translation>实验，1 到 2；下一项关闭时不起作用。</translation>
    </message>
    <message>
        <source>Experiment, 0 to 1: weight of the whole picture against the crops; empty: off.</source>
        <translation>实验，0 到 1：全图相对裁剪的权重；留空：关闭。</translation>
    </message>
    <message>
        <source>For pictures of more than 8 bits, by commas: file, auto, lung, 1500/-600</source>
        <translation>用于超过 8 位的图片，以逗号分隔：file, auto, lung, 1500/-600</translation>
    </message>
    <message>
        <source>One a line: left: 0, 0, 54, 100 %    in pixels: 10, 20, 300, 400    turned: … @15    polygon: 1, 1; 9, 1; 5, 8    with question and good answers: … | What is it? =&gt; A; B</source>
        <translation>每行一个：左侧: 0, 0, 54, 100 %    像素：10, 20, 300, 400    旋转：… @15    多边形：1, 1; 9, 1; 5, 8    带问题和正确答案：… | 这是什么？ =&gt; A; B</translation>
    </message>
    <message>
        <source>Where several codes or none are seen, the operator is asked.</source>
        <translation>若看到多个码或没有码，则询问操作员。</translation>
    </message>
    <message>
        <source>Files or folders, one a line: operator mode begins once they are judged OK.</source>
        <translation>文件或文件夹，每行一个：判定为 OK 后操作员模式才开始。</translation>
    </message>
    <message>
        <source>… and these are judged NG.</source>
        <translation>……而这些必须判定为 NG。</translation>
    </message>
    <message>
        <source>The first so many good and bad ones; empty: all.</source>
        <translation>合格与不合格各取前若干个；留空：全部。</translation>
    </message>
    <message>
        <source>Empty: when a shift begins, and after a change of preset or model.</source>
        <translation>留空：仅在班次开始时以及预设或模型更改后。</translation>
    </message>
    <message>
        <source>0: none; empty: as in the settings.</source>
        <translation>0：不预先检查；空：同设置。</translation>
    </message>
    <message>
        <source>Whether the AI&apos;s findings are hidden until a person has read the picture.</source>
        <translation>在人员阅片之前是否隐藏 AI 的发现。</translation>
    </message>
    <message>
        <source>File of the picture on which the regions were drawn: they follow the part.</source>
        <translation>绘制区域时所用图片的文件：区域随零件移动。</translation>
    </message>
    <message>
        <source>How answers become a verdict, as JSON; empty: yes/no questions about a defect.</source>
        <translation>回答如何成为判定（JSON）；空：关于缺陷的是否问题。</translation>
    </message>
    <message>
        <source>0 to 1, on labelled pictures.</source>
        <translation>0 到 1，在带标注的图片上。</translation>
    </message>
    <message>
        <source>From the question to the last word.</source>
        <translation>从提问到最后一个词。</translation>
    </message>
    <message>
        <source>line {number}: {words}</source>
        <translation>第 {number} 行：{words}</translation>
    </message>
</context>
<context>
    <name>problem</name>
    <message>
        <source>There is no file {path}.</source>
        <translation>没有文件 {path}。</translation>
    </message>
    <message>
        <source>Check the name, or whether a drive is missing.</source>
        <translation>请检查名称，或是否缺少某个驱动器。</translation>
    </message>
    <message>
        <source>{path} is a folder, not a picture.</source>
        <translation>{path} 是文件夹，不是图片。</translation>
    </message>
    <message>
        <source>Open it as a folder or choose a file in it.</source>
        <translation>请作为文件夹打开，或选择其中的文件。</translation>
    </message>
    <message>
        <source>{path} is not a file.</source>
        <translation>{path} 不是文件。</translation>
    </message>
    <message>
        <source>Choose a picture file.</source>
        <translation>请选择图片文件。</translation>
    </message>
    <message>
        <source>This program may not read {path}.</source>
        <translation>本程序无权读取 {path}。</translation>
    </message>
    <message>
        <source>Ask for the right to read it, or copy it.</source>
        <translation>请申请读取权限，或将其复制出来。</translation>
    </message>
    <message>
        <source>{name} is empty.</source>
        <translation>{name} 是空文件。</translation>
    </message>
    <message>
        <source>Copy the file again from its origin.</source>
        <translation>请从来源重新复制该文件。</translation>
    </message>
    <message>
        <source>{name} could not be read: {reason}.</source>
        <translation>无法读取 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Check the name and the drive.</source>
        <translation>请检查名称和驱动器。</translation>
    </message>
    <message>
        <source>{name} is damaged, incomplete or of a kind this program cannot read.</source>
        <translation>{name} 已损坏、不完整，或属于本程序无法读取的类型。</translation>
    </message>
    <message>
        <source>Open it in another program and save it again as PNG or TIFF.</source>
        <translation>请用其他程序打开，并重新保存为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>{name} is not a picture this program can read.</source>
        <translation>{name} 不是本程序能读取的图片。</translation>
    </message>
    <message>
        <source>Open it in another program and save it as PNG or TIFF.</source>
        <translation>请用其他程序打开，并保存为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>{name} has no pixels.</source>
        <translation>{name} 没有像素。</translation>
    </message>
    <message>
        <source>Save it again as PNG or TIFF.</source>
        <translation>请重新保存为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>{name} has more than the {count} million pixels that this program opens.</source>
        <translation>{name} 超过本程序可打开的 {count} 百万像素。</translation>
    </message>
    <message>
        <source>Cut out the part that matters and open that.</source>
        <translation>请裁出需要的部分再打开。</translation>
    </message>
    <message>
        <source>{name} is {size} GB large, more than this program reads.</source>
        <translation>{name} 大小为 {size} GB，超出本程序的读取上限。</translation>
    </message>
    <message>
        <source>Save a smaller part of the picture and open that.</source>
        <translation>请保存图片的较小部分再打开。</translation>
    </message>
    <message>
        <source>There is not enough memory to open {name}.</source>
        <translation>内存不足，无法打开 {name}。</translation>
    </message>
    <message>
        <source>Close other programs or open a smaller picture.</source>
        <translation>请关闭其他程序，或打开较小的图片。</translation>
    </message>
    <message>
        <source>There is not enough memory for this picture.</source>
        <translation>内存不足，无法处理这张图片。</translation>
    </message>
    <message>
        <source>Close other programs, or open a smaller copy of the picture.</source>
        <translation>请关闭其他程序，或打开该图片的较小副本。</translation>
    </message>
    <message>
        <source>{name} is a DICOM file without a picture.</source>
        <translation>{name} 是不含图像的 DICOM 文件。</translation>
    </message>
    <message>
        <source>Choose an image of the series, not its report, index or plan.</source>
        <translation>请选择该序列的图像，而不是报告、索引或计划。</translation>
    </message>
    <message>
        <source>There is no folder {path}.</source>
        <translation>没有文件夹 {path}。</translation>
    </message>
    <message>
        <source>{path} is a file, not a folder.</source>
        <translation>{path} 是文件，不是文件夹。</translation>
    </message>
    <message>
        <source>Open it as a picture.</source>
        <translation>请作为图片打开。</translation>
    </message>
    <message>
        <source>This program may not look into {path}.</source>
        <translation>本程序无权查看 {path}。</translation>
    </message>
    <message>
        <source>Ask for the right to read it.</source>
        <translation>请申请读取权限。</translation>
    </message>
    <message>
        <source>There is no room left on the disk for {name}.</source>
        <translation>磁盘空间不足，无法写入 {name}。</translation>
    </message>
    <message>
        <source>Free some space or choose another disk.</source>
        <translation>请释放空间或选择其他磁盘。</translation>
    </message>
    <message>
        <source>The folder {folder} does not let this program write {name}.</source>
        <translation>文件夹 {folder} 不允许本程序写入 {name}。</translation>
    </message>
    <message>
        <source>Choose another folder or ask for the right to write there.</source>
        <translation>请选择其他文件夹，或申请写入权限。</translation>
    </message>
    <message>
        <source>There is no folder {folder} to write {name} into.</source>
        <translation>没有可写入 {name} 的文件夹 {folder}。</translation>
    </message>
    <message>
        <source>Make the folder first or choose another one.</source>
        <translation>请先建立该文件夹，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>{name} could not be written: {reason}.</source>
        <translation>无法写入 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Check the disk or choose another folder.</source>
        <translation>请检查磁盘或选择其他文件夹。</translation>
    </message>
    <message>
        <source>{path} is a folder.</source>
        <translation>{path} 是文件夹。</translation>
    </message>
    <message>
        <source>Give the name of a file in that folder.</source>
        <translation>请给出该文件夹中的文件名。</translation>
    </message>
    <message>
        <source>There is no record {number}.</source>
        <translation>没有记录 {number}。</translation>
    </message>
    <message>
        <source>Choose one from the list of records.</source>
        <translation>请从记录列表中选择。</translation>
    </message>
    <message>
        <source>Record {number} is damaged and cannot be trusted.</source>
        <translation>记录 {number} 已损坏，不可信。</translation>
    </message>
    <message>
        <source>The file of records {path} is damaged.</source>
        <translation>记录文件 {path} 已损坏。</translation>
    </message>
    <message>
        <source>Put a backup in its place, or move it away to begin a new one.</source>
        <translation>请用备份替换，或将其移走以新建一个。</translation>
    </message>
    <message>
        <source>Another program holds the file of records {path}.</source>
        <translation>记录文件 {path} 正被其他程序占用。</translation>
    </message>
    <message>
        <source>Close it and try again.</source>
        <translation>请关闭该程序后重试。</translation>
    </message>
    <message>
        <source>The file of records {path} may not be written.</source>
        <translation>不允许写入记录文件 {path}。</translation>
    </message>
    <message>
        <source>There is no room left on the disk for the record in {path}.</source>
        <translation>磁盘空间不足，无法在 {path} 中保存记录。</translation>
    </message>
    <message>
        <source>Free some space and ask again.</source>
        <translation>请释放空间后重新提问。</translation>
    </message>
    <message>
        <source>The records in {path} were written by a newer version of this program.</source>
        <translation>{path} 中的记录由本程序的更新版本写入。</translation>
    </message>
    <message>
        <source>Record {number} was written by a newer version of this program.</source>
        <translation>记录 {number} 由本程序的更新版本写入。</translation>
    </message>
    <message>
        <source>Install the newer version, or set INSPECTOR_HOME to another folder.</source>
        <translation>请安装更新版本，或将 INSPECTOR_HOME 设为其他文件夹。</translation>
    </message>
    <message>
        <source>Install the newer version to open it.</source>
        <translation>请安装更新版本以打开它。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; is being pulled already.</source>
        <translation>“{name}”正在拉取中。</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>请等待其完成，或先将其停止。</translation>
    </message>
    <message>
        <source>Free some space or check the disk, then pull it again: it goes on where it stopped.</source>
        <translation>请释放空间或检查磁盘，然后重新拉取：将从中断处继续。</translation>
    </message>
    <message>
        <source>There is no model &quot;{name}&quot;.</source>
        <translation>没有模型“{name}”。</translation>
    </message>
    <message>
        <source>There is no model folder {folder}.</source>
        <translation>没有模型文件夹 {folder}。</translation>
    </message>
    <message>
        <source>Choose one of the installed models, or a folder with a card.toml.</source>
        <translation>请选择已安装的模型，或含有 card.toml 的文件夹。</translation>
    </message>
    <message>
        <source>The model folder {folder} has no {name}.</source>
        <translation>模型文件夹 {folder} 中没有 {name}。</translation>
    </message>
    <message>
        <source>The model folder {folder} is incomplete: it has no {name}.</source>
        <translation>模型文件夹 {folder} 不完整：缺少 {name}。</translation>
    </message>
    <message>
        <source>The model folder {folder} is incomplete or damaged: the weight {name} is {what}.</source>
        <translation>模型文件夹 {folder} 不完整或已损坏：权重 {name} 为 {what}。</translation>
    </message>
    <message>
        <source>Copy or download the whole checkpoint again.</source>
        <translation>请重新复制或下载完整的模型。</translation>
    </message>
    <message>
        <source>Copy or download the missing .safetensors files.</source>
        <translation>请复制或下载缺少的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>The model in {folder} has only pickle weights ({name}), which can run code when they are opened.</source>
        <translation>{folder} 中的模型只有 pickle 权重({name})，打开时可能执行代码。</translation>
    </message>
    <message>
        <source>Convert the checkpoint to safetensors first.</source>
        <translation>请先将其转换为 safetensors。</translation>
    </message>
    <message>
        <source>The device &quot;{name}&quot; was asked for, but {count} CUDA devices were found.</source>
        <translation>要求使用设备“{name}”，但找到 {count} 个 CUDA 设备。</translation>
    </message>
    <message>
        <source>Choose the device auto or cpu, or install a driver that this torch can use.</source>
        <translation>请选择设备 auto 或 cpu，或安装此 torch 可用的驱动。</translation>
    </message>
    <message>
        <source>There was not enough memory on the {place} to {doing}.</source>
        <translation>{place} 内存不足，无法执行：{doing}。</translation>
    </message>
    <message>
        <source>Try fewer crops, a lower precision or a smaller model, or close other programs.</source>
        <translation>请减少局部数、降低精度、换用较小的模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The question is too long: with {pictures} it takes {tokens} tokens, and the model has room for {room}.</source>
        <translation>问题过长：连同 {pictures} 需要 {tokens} 个词元，而模型只能容纳 {room} 个。</translation>
    </message>
    <message>
        <source>The model cannot be shown so many pictures at once: with {pictures} it takes {tokens} tokens, and the model has room for {room}.</source>
        <translation>模型一次看不了这么多图片：{pictures}共需 {tokens} 个词元，而模型只容得下 {room} 个。</translation>
    </message>
    <message>
        <source>Shorten the question, send fewer windows, or choose another model.</source>
        <translation>请缩短问题、减少窗的数量，或选择其他模型。</translation>
    </message>
    <message>
        <source>This picture has 8 bits and no grey windows, so &quot;{wish}&quot; cannot be shown.</source>
        <translation>这张图片只有 8 位，没有灰度窗，无法按“{wish}”显示。</translation>
    </message>
    <message>
        <source>Ask without windows.</source>
        <translation>请不带窗提问。</translation>
    </message>
    <message>
        <source>The file offers no window &quot;{wish}&quot;.</source>
        <translation>文件没有提供窗“{wish}”。</translation>
    </message>
    <message>
        <source>It offers {names}.</source>
        <translation>它提供 {names}。</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>Choose one in the settings.</source>
        <translation>请在设置中选择一个。</translation>
    </message>
    <message>
        <source>Choose from: {names}.</source>
        <translation>可选：{names}。</translation>
    </message>
    <message>
        <source>The camera has given no picture yet.</source>
        <translation>相机还没有给出画面。</translation>
    </message>
    <message>
        <source>The camera&apos;s last picture is {age} s old and was not inspected.</source>
        <translation>相机的最后一帧是 {age} 秒前的,未作检查。</translation>
    </message>
    <message>
        <source>Wait until the camera is live again.</source>
        <translation>请等相机恢复实时。</translation>
    </message>
    <message>
        <source>The camera {address} failed: {reason}.</source>
        <translation>相机 {address} 出错:{reason}。</translation>
    </message>
    <message>
        <source>It is tried again by itself.</source>
        <translation>程序会自动重试。</translation>
    </message>
    <message>
        <source>&quot;{address}&quot; is no address of a camera.</source>
        <translation>“{address}”不是相机地址。</translation>
    </message>
    <message>
        <source>Write usb:0, rtsp://host/path, http://host/stream, folder:/path or genicam:SERIAL.</source>
        <translation>请写 usb:0、rtsp://主机/路径、http://主机/流、folder:/路径 或 genicam:序列号。</translation>
    </message>
    <message>
        <source>Less than 1 GB is left on the disk for pictures of cameras.</source>
        <translation>磁盘剩余空间不足 1 GB,无法再保存相机画面。</translation>
    </message>
    <message>
        <source>Make room, or move older ones out of {folder}.</source>
        <translation>请腾出空间,或把旧画面移出 {folder}。</translation>
    </message>
    <message>
        <source>{camera} gives no more pictures.</source>
        <translation>{camera} 不再给出画面。</translation>
    </message>
    <message>
        <source>Check its cable, or whether another program has taken it.</source>
        <translation>请检查连线,或是否被其他程序占用。</translation>
    </message>
    <message>
        <source>{camera} does not open.</source>
        <translation>{camera} 无法打开。</translation>
    </message>
    <message>
        <source>Another program may be using it; close that, or unplug the camera and try again.</source>
        <translation>可能被其他程序占用:请关闭该程序,或重新插拔相机后再试。</translation>
    </message>
    <message>
        <source>{camera} is not plugged in.</source>
        <translation>{camera} 未连接。</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one from the list.</source>
        <translation>请插上相机,或从列表中选择另一个。</translation>
    </message>
    <message>
        <source>This program may not use {device}.</source>
        <translation>本程序无权使用 {device}。</translation>
    </message>
    <message>
        <source>On most systems, joining the group &quot;video&quot; gives the right to.</source>
        <translation>在多数系统上,加入“video”用户组即可获得权限。</translation>
    </message>
    <message>
        <source>{camera} is not a camera.</source>
        <translation>{camera} 不是相机。</translation>
    </message>
    <message>
        <source>Choose one from the list, or write usb:0.</source>
        <translation>请从列表中选择一个，或输入 usb:0。</translation>
    </message>
    <message>
        <source>{camera} is not known by a number.</source>
        <translation>{camera} 不是编号。</translation>
    </message>
    <message>
        <source>Write usb:0 for the first camera.</source>
        <translation>第一个相机请写 usb:0。</translation>
    </message>
    <message>
        <source>{camera} has not answered for {seconds} seconds.</source>
        <translation>{camera} 已有 {seconds} 秒没有应答。</translation>
    </message>
    <message>
        <source>Check that the camera is on and that its network is reached from here.</source>
        <translation>请检查相机是否开机,以及从这里能否访问其网络。</translation>
    </message>
    <message>
        <source>{camera} asks for another user name or password.</source>
        <translation>{camera} 要求其他用户名或密码。</translation>
    </message>
    <message>
        <source>Write them into the address: rtsp://user:password@host/path.</source>
        <translation>请写在地址中:rtsp://用户名:密码@主机/路径。</translation>
    </message>
    <message>
        <source>{camera} is not a stream of that camera.</source>
        <translation>{camera} 不是该相机的视频流。</translation>
    </message>
    <message>
        <source>Look up the path in its manual.</source>
        <translation>请在相机手册中查找路径。</translation>
    </message>
    <message>
        <source>Nobody takes calls at {camera}.</source>
        <translation>{camera} 没有服务应答。</translation>
    </message>
    <message>
        <source>Check address and port, and that it is on.</source>
        <translation>请检查地址和端口,以及相机是否开机。</translation>
    </message>
    <message>
        <source>{camera} has ended its stream.</source>
        <translation>{camera} 结束了视频流。</translation>
    </message>
    <message>
        <source>Check the camera or its server.</source>
        <translation>请检查相机或其服务器。</translation>
    </message>
    <message>
        <source>{camera} sends no pictures.</source>
        <translation>{camera} 不发送画面。</translation>
    </message>
    <message>
        <source>Check the address&apos;s path.</source>
        <translation>请检查地址中的路径。</translation>
    </message>
    <message>
        <source>{camera} gives no picture: {reason}.</source>
        <translation>{camera} 没有画面:{reason}。</translation>
    </message>
    <message>
        <source>Check the address and the camera.</source>
        <translation>请检查地址和相机。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be watched.</source>
        <translation>无法监视文件夹 {folder}。</translation>
    </message>
    <message>
        <source>Check the name, the drive, and the right to read it.</source>
        <translation>请检查名称、磁盘和读取权限。</translation>
    </message>
    <message>
        <source>{camera} has given no picture for {seconds} seconds.</source>
        <translation>{camera} 已有 {seconds} 秒没有给出画面。</translation>
    </message>
    <message>
        <source>Check its cable, and whether it waits for a hardware trigger.</source>
        <translation>请检查连线,以及它是否在等待硬件触发。</translation>
    </message>
    <message>
        <source>GenICam cameras need the optional package harvesters, which is not installed.</source>
        <translation>GenICam 相机需要可选软件包 harvesters,目前未安装。</translation>
    </message>
    <message>
        <source>Install it with: {command}.</source>
        <translation>安装命令:{command}。</translation>
    </message>
    <message>
        <source>No driver (.cti file) of a GenICam camera was found.</source>
        <translation>未找到 GenICam 相机的驱动(.cti 文件)。</translation>
    </message>
    <message>
        <source>Install the camera maker&apos;s software, or set {name} to its folder.</source>
        <translation>请安装相机厂商的软件,或把 {name} 设为其文件夹。</translation>
    </message>
    <message>
        <source>{camera} was not found, or another program is using it.</source>
        <translation>未找到 {camera},或它被其他程序占用。</translation>
    </message>
    <message>
        <source>Check cable, serial number and the camera maker&apos;s own viewer.</source>
        <translation>请检查连线、序列号和相机厂商自带的查看程序。</translation>
    </message>
    <message>
        <source>The pixel format {name} is not known here.</source>
        <translation>不支持像素格式 {name}。</translation>
    </message>
    <message>
        <source>Set the camera to Mono8, RGB8 or one of the Bayer formats.</source>
        <translation>请把相机设为 Mono8、RGB8 或某种 Bayer 格式。</translation>
    </message>
    <message>
        <source>{name} has no pages.</source>
        <translation>{name} 没有页面。</translation>
    </message>
    <message>
        <source>Export it again from where it came from.</source>
        <translation>请从来源重新导出。</translation>
    </message>
    <message>
        <source>{name} is locked with a password.</source>
        <translation>{name} 有密码保护。</translation>
    </message>
    <message>
        <source>Open it in a PDF program and save a copy without password.</source>
        <translation>请用 PDF 程序打开,并另存一份无密码的副本。</translation>
    </message>
    <message>
        <source>{name} is protected in a way that this program cannot open.</source>
        <translation>{name} 的保护方式本程序无法打开。</translation>
    </message>
    <message>
        <source>Ask whoever made it for a copy without protection.</source>
        <translation>请向制作者索取无保护的副本。</translation>
    </message>
    <message>
        <source>{name} is damaged or incomplete, or no PDF.</source>
        <translation>{name} 已损坏、不完整或不是 PDF。</translation>
    </message>
    <message>
        <source>Copy it again from its origin, or print it into a new PDF.</source>
        <translation>请从来源重新复制,或打印成新的 PDF。</translation>
    </message>
    <message>
        <source>Frame {number} of {name} is damaged.</source>
        <translation>{name} 的第 {number} 帧已损坏。</translation>
    </message>
    <message>
        <source>Step to the next one.</source>
        <translation>请换下一帧。</translation>
    </message>
    <message>
        <source>{name} holds no picture.</source>
        <translation>{name} 中没有画面。</translation>
    </message>
    <message>
        <source>Play it elsewhere to see whether it is whole.</source>
        <translation>请用其他程序播放,看它是否完整。</translation>
    </message>
    <message>
        <source>{name} holds sound but no picture.</source>
        <translation>{name} 只有声音,没有画面。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择其他文件。</translation>
    </message>
    <message>
        <source>Close other programs.</source>
        <translation>请关闭其他程序。</translation>
    </message>
    <message>
        <source>{name} is damaged, incomplete or of a kind of video this program cannot read.</source>
        <translation>{name} 已损坏、不完整,或是本程序无法读取的视频类型。</translation>
    </message>
    <message>
        <source>Copy it again from its origin, or convert it to MP4.</source>
        <translation>请从来源重新复制,或转换为 MP4。</translation>
    </message>
    <message>
        <source>The golden sample &quot;{name}&quot; is missing.</source>
        <translation>缺少标准样件“{name}”。</translation>
    </message>
    <message>
        <source>Put it there, or correct the preset.</source>
        <translation>请放回原处，或更正预设。</translation>
    </message>
    <message>
        <source>The preset demands {count} good golden samples, and {found} are there.</source>
        <translation>预设要求 {count} 个合格标准样件，现有 {found} 个。</translation>
    </message>
    <message>
        <source>The preset demands {count} bad golden samples, and {found} are there.</source>
        <translation>预设要求 {count} 个不合格标准样件，现有 {found} 个。</translation>
    </message>
    <message>
        <source>Put the pictures where the preset names them, or correct the preset.</source>
        <translation>请把图片放到预设指定的位置，或更正预设。</translation>
    </message>
    <message>
        <source>There are {found} good golden samples; at most {count} are shown.</source>
        <translation>共有 {found} 个合格标准样件；最多检验 {count} 个。</translation>
    </message>
    <message>
        <source>There are {found} bad golden samples; at most {count} are shown.</source>
        <translation>共有 {found} 个不合格标准样件；最多检验 {count} 个。</translation>
    </message>
    <message>
        <source>Say in the preset how many of each are to be shown.</source>
        <translation>请在预设中写明每类检验多少个。</translation>
    </message>
    <message>
        <source>The golden sample &quot;{name}&quot; is named as good and as bad.</source>
        <translation>标准样件“{name}”同时被列为合格与不合格。</translation>
    </message>
    <message>
        <source>Correct the preset.</source>
        <translation>请更正预设。</translation>
    </message>
    <message>
        <source>Name and password do not fit.</source>
        <translation>姓名和密码不匹配。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>The account of {name} is shut after {count} wrong passwords.</source>
        <translation>{name} 的账户在 {count} 次密码错误后被暂停。</translation>
    </message>
    <message>
        <source>Wait {count} minutes, or let an admin set a new password.</source>
        <translation>请等待 {count} 分钟，或让管理员设置新密码。</translation>
    </message>
    <message>
        <source>Only {name} or an admin can unlock this window.</source>
        <translation>只有 {name} 或管理员能解锁此窗口。</translation>
    </message>
    <message>
        <source>Sign in as one.</source>
        <translation>请以其身份登录。</translation>
    </message>
    <message>
        <source>Users are looked after by an admin.</source>
        <translation>用户由管理员管理。</translation>
    </message>
    <message>
        <source>Sign in as one and try again.</source>
        <translation>请以管理员身份登录后重试。</translation>
    </message>
    <message>
        <source>{name} works here no more.</source>
        <translation>{name} 已不在此工作。</translation>
    </message>
    <message>
        <source>Let somebody else sign in.</source>
        <translation>请由其他人登录。</translation>
    </message>
    <message>
        <source>The name {name} is taken.</source>
        <translation>姓名 {name} 已被使用。</translation>
    </message>
    <message>
        <source>A name is never given twice.</source>
        <translation>姓名绝不重复使用。</translation>
    </message>
    <message>
        <source>The first user must be an admin.</source>
        <translation>第一个用户必须是管理员。</translation>
    </message>
    <message>
        <source>Add an admin first.</source>
        <translation>请先添加管理员。</translation>
    </message>
    <message>
        <source>A new admin needs a new password, too.</source>
        <translation>新的管理员也需要新密码。</translation>
    </message>
    <message>
        <source>Give one.</source>
        <translation>请设置一个。</translation>
    </message>
    <message>
        <source>{name} is the last admin, and somebody must look after users.</source>
        <translation>{name} 是最后一个管理员，必须有人管理用户。</translation>
    </message>
    <message>
        <source>Make somebody else an admin first.</source>
        <translation>请先让别人成为管理员。</translation>
    </message>
    <message>
        <source>A password of this role has {least} to {most} letters.</source>
        <translation>此角色的密码须有 {least} 到 {most} 个字符。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请另选一个。</translation>
    </message>
    <message>
        <source>A name has 1 to {count} letters.</source>
        <translation>姓名须有 1 到 {count} 个字符。</translation>
    </message>
    <message>
        <source>A name holds no letters that cannot be seen.</source>
        <translation>姓名不能含有不可见字符。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请另选姓名。</translation>
    </message>
    <message>
        <source>Signing needs a user with a password, and there is none yet.</source>
        <translation>签署需要有密码的用户，目前还没有。</translation>
    </message>
    <message>
        <source>Add users first: Tools, Users, or inspector users add.</source>
        <translation>请先添加用户：工具、用户，或 inspector users add。</translation>
    </message>
    <message>
        <source>{name} ({role}) may not {right}.</source>
        <translation>{name}（{role}）无权{right}。</translation>
    </message>
    <message>
        <source>That takes the role {role} or a higher one.</source>
        <translation>这需要{role}或更高的角色。</translation>
    </message>
    <message>
        <source>{name} tells no format of a trail.</source>
        <translation>{name} 没有说明审计日志的格式。</translation>
    </message>
    <message>
        <source>End it in .csv or .json.</source>
        <translation>文件名请以 .csv 或 .json 结尾。</translation>
    </message>
    <message>
        <source>&quot;{text}&quot; is no box.</source>
        <translation>“{text}”不是方框。</translation>
    </message>
    <message>
        <source>Write x0,y0,x1,y1 in pixels, or none.</source>
        <translation>请以像素写 x0,y0,x1,y1，或写 none。</translation>
    </message>
    <message>
        <source>&quot;{text}&quot; lies outside the picture.</source>
        <translation>“{text}”位于图片之外。</translation>
    </message>
    <message>
        <source>It is {width} pixels wide and {height} high.</source>
        <translation>图片宽 {width} 像素，高 {height} 像素。</translation>
    </message>
    <message>
        <source>&quot;{text}&quot; lies outside of all these pictures.</source>
        <translation>“{text}”位于所有这些图片之外。</translation>
    </message>
    <message>
        <source>Write x0,y0,x1,y1 in their pixels.</source>
        <translation>请按这些图片的像素填写 x0,y0,x1,y1。</translation>
    </message>
    <message>
        <source>&quot;{address}&quot; is no address of an archive.</source>
        <translation>“{address}”不是归档服务器的地址。</translation>
    </message>
    <message>
        <source>Write TITLE@host:port.</source>
        <translation>请写成 TITLE@host:port。</translation>
    </message>
    <message>
        <source>&quot;{address}&quot; is no address of a DICOMweb archive.</source>
        <translation>“{address}”不是 DICOMweb 归档的地址。</translation>
    </message>
    <message>
        <source>Write http://host:8042/dicom-web, or https.</source>
        <translation>请写成 http://host:8042/dicom-web，或 https。</translation>
    </message>
    <message>
        <source>An address with a name or password in it is shown and kept in many places.</source>
        <translation>含用户名或密码的地址会在多处显示和保存。</translation>
    </message>
    <message>
        <source>Leave them out of the address and give them by themselves.</source>
        <translation>请不要写进地址，单独填写。</translation>
    </message>
    <message>
        <source>Users and certificates belong to an archive on the web (http or https).</source>
        <translation>用户和证书只用于网络归档（http 或 https）。</translation>
    </message>
    <message>
        <source>Leave them out.</source>
        <translation>请留空。</translation>
    </message>
    <message>
        <source>There is no DICOM file to send.</source>
        <translation>没有可发送的 DICOM 文件。</translation>
    </message>
    <message>
        <source>Export some with --format dicom.</source>
        <translation>请先导出为 DICOM。</translation>
    </message>
    <message>
        <source>{name} is no DICOM file that can be sent.</source>
        <translation>{name} 不是可以发送的 DICOM 文件。</translation>
    </message>
    <message>
        <source>The archive {title} at {place} does not answer.</source>
        <translation>{place} 的归档 {title} 没有应答。</translation>
    </message>
    <message>
        <source>The archive at {place} does not answer. Stored: {done} of {all}.</source>
        <translation>{place} 的归档没有应答。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>Check the address, and whether the archive runs and can be reached.</source>
        <translation>请检查地址，以及归档是否在运行、能否连通。</translation>
    </message>
    <message>
        <source>The archive at {place} does not answer as a DICOM archive does.</source>
        <translation>{place} 的应答不像 DICOM 归档。</translation>
    </message>
    <message>
        <source>Check the port: another program may listen there.</source>
        <translation>请检查端口：那里可能是别的程序。</translation>
    </message>
    <message>
        <source>There is no archive &quot;{title}&quot; at {place}: it has another title.</source>
        <translation>{place} 没有名为“{title}”的归档：它的标题不同。</translation>
    </message>
    <message>
        <source>Ask for its AE title and write TITLE@host:port.</source>
        <translation>请问清它的 AE 标题，写成 TITLE@host:port。</translation>
    </message>
    <message>
        <source>The archive {title} at {place} does not know this program.</source>
        <translation>{place} 的归档 {title} 不认识本程序。</translation>
    </message>
    <message>
        <source>Let it take files of the AE title {own}.</source>
        <translation>请让它接收 AE 标题为 {own} 的文件。</translation>
    </message>
    <message>
        <source>The archive {title} at {place} refuses ({reason}).</source>
        <translation>{place} 的归档 {title} 拒绝连接（{reason}）。</translation>
    </message>
    <message>
        <source>Try again later, or look into the archive&apos;s own log.</source>
        <translation>请稍后再试，或查看归档自己的日志。</translation>
    </message>
    <message>
        <source>The archive did not store {name} ({why}). Stored: {done} of {all}.</source>
        <translation>归档没有保存 {name}（{why}）。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>Look into the archive&apos;s own log.</source>
        <translation>请查看归档自己的日志。</translation>
    </message>
    <message>
        <source>The archive does not take {name}: {reason}. Stored: {done} of {all}.</source>
        <translation>归档不接收 {name}：{reason}。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>It may not know this kind of object or its compression.</source>
        <translation>它可能不认识这种对象或其压缩方式。</translation>
    </message>
    <message>
        <source>The archive at {place} did not answer in time. Stored: {done} of {all}.</source>
        <translation>{place} 的归档没有及时应答。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>Try again; what is stored already is not stored twice.</source>
        <translation>请重试；已存的不会重复保存。</translation>
    </message>
    <message>
        <source>The certificate of {place} is not trusted: {reason}.</source>
        <translation>{place} 的证书不受信任：{reason}。</translation>
    </message>
    <message>
        <source>Nothing was sent. Give the file with your site&apos;s certificates.</source>
        <translation>什么也没有发送。请给出本单位的证书文件。</translation>
    </message>
    <message>
        <source>No safe connection to {place} can be made. Stored: {done} of {all}.</source>
        <translation>无法与 {place} 建立安全连接。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>Is it http instead of https?</source>
        <translation>是否应写 http 而不是 https？</translation>
    </message>
    <message>
        <source>The archive at {place} refuses the name or password, or wants one. Stored: {done} of {all}.</source>
        <translation>{place} 的归档拒绝该用户名或密码，或要求提供。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>Give user and password, and ask whether this user may store.</source>
        <translation>请填写用户和密码，并确认该用户有权保存。</translation>
    </message>
    <message>
        <source>There is no DICOMweb storage at {place} (status {code}). Stored: {done} of {all}.</source>
        <translation>{place} 没有 DICOMweb 存储服务（状态 {code}）。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>The address often ends in /dicom-web or /rs.</source>
        <translation>地址常以 /dicom-web 或 /rs 结尾。</translation>
    </message>
    <message>
        <source>{place} answered with {what} (status {code}), not as a DICOM archive does. Stored: {done} of {all}.</source>
        <translation>{place} 的应答是 {what}（状态 {code}），不像 DICOM 归档。已存 {done} / {all}。</translation>
    </message>
    <message>
        <source>Check the address; a proxy or a sign-in page may stand between.</source>
        <translation>请检查地址；中间可能有代理或登录页面。</translation>
    </message>
    <message>
        <source>{name} holds no certificate that can be used.</source>
        <translation>{name} 中没有可用的证书。</translation>
    </message>
    <message>
        <source>It must be a PEM file: -----BEGIN CERTIFICATE-----.</source>
        <translation>它必须是 PEM 文件：-----BEGIN CERTIFICATE-----。</translation>
    </message>
    <message>
        <source>{folder} is not empty, and nothing in it is overwritten.</source>
        <translation>{folder} 不是空的，其中的文件不会被覆盖。</translation>
    </message>
    <message>
        <source>Name a new folder.</source>
        <translation>请另取一个新文件夹。</translation>
    </message>
    <message>
        <source>No stored inspection is like that.</source>
        <translation>没有这样的检查记录。</translation>
    </message>
    <message>
        <source>Ask for less.</source>
        <translation>请放宽条件。</translation>
    </message>
    <message>
        <source>{count} pictures, in whose pixels the patient may be named: paint over the writing</source>
        <translation>{count} 幅图片：像素中可能有患者姓名，请先涂盖文字</translation>
    </message>
    <message>
        <source>pixel parts of edges: VOC counts whole pixels from 1</source>
        <translation>边缘的像素小数部分：VOC 从 1 起按整像素计数</translation>
    </message>
    <message>
        <source>nothing, but writing in the pixels was not looked for and may name the patient (pictures: {count})</source>
        <translation>没有缺失，但未检查像素中的文字，其中可能有患者姓名（{count} 幅图片）</translation>
    </message>
    <message>
        <source>the picture and its annotated copy, in whose pixels the patient may be named: paint over the writing (pictures: {count})</source>
        <translation>图片及其标注副本：像素中可能有患者姓名，请先涂盖文字（{count} 幅图片）</translation>
    </message>
    <message>
        <source>everything of a picture of which no record kept every pixel (pictures: {count})</source>
        <translation>没有记录保存全部像素的图片的一切内容（{count} 幅图片）</translation>
    </message>
    <message>
        <source>the annotated picture, of which no record kept every pixel (pictures: {count})</source>
        <translation>标注图片：没有记录保存全部像素（{count} 幅图片）</translation>
    </message>
    <message>
        <source>the attention as a map: it lies nowhere in space, and is drawn only (pictures: {count})</source>
        <translation>作为参数图的注意力：它没有空间位置，只画在图上（{count} 幅图片）</translation>
    </message>
    <message>
        <source>regions as a segmentation: {reason} (pictures: {count})</source>
        <translation>作为分割的区域：{reason}（{count} 幅图片）</translation>
    </message>
    <message>
        <source>regions as a presentation state: {reason} (pictures: {count})</source>
        <translation>作为显示状态的区域：{reason}（{count} 幅图片）</translation>
    </message>
    <message>
        <source>{count} about the whole picture, which have no box</source>
        <translation>关于整幅图片、没有方框的 {count} 项</translation>
    </message>
    <message>
        <source>the exact shape of {count} drawn as {kind}</source>
        <translation>{count} 个以 {kind} 绘制的确切形状</translation>
    </message>
    <message>
        <source>how {count} rectangles are turned: the box about them is written</source>
        <translation>{count} 个矩形的旋转角度：写出的是外接框</translation>
    </message>
    <message>
        <source>severity, probability, text, size, notes, and who found and reviewed it</source>
        <translation>严重程度、概率、文字、尺寸、备注，以及由谁发现和审核</translation>
    </message>
    <message>
        <source>{count} pictures, of which no record kept every pixel</source>
        <translation>{count} 幅图片：没有记录保存全部像素</translation>
    </message>
    <message>
        <source>nothing, but {count} of {all} answers were confirmed by nobody (&quot;reviewed&quot;: false)</source>
        <translation>没有缺失，但 {all} 个回答中有 {count} 个未经任何人确认（&quot;reviewed&quot;: false）</translation>
    </message>
    <message>
        <source>{count} points and upright lines altogether: a box needs an area</source>
        <translation>共 {count} 个点和竖直或水平线：方框需要面积</translation>
    </message>
    <message>
        <source>{path} cannot be read.</source>
        <translation>无法读取 {path}。</translation>
    </message>
    <message>
        <source>Give the study&apos;s JSON file.</source>
        <translation>请给出研究的 JSON 文件。</translation>
    </message>
    <message>
        <source>{name} is too large for a study.</source>
        <translation>{name} 对于研究来说太大。</translation>
    </message>
    <message>
        <source>{name} is no JSON: {reason}.</source>
        <translation>{name} 不是 JSON:{reason}。</translation>
    </message>
    <message>
        <source>Give a list of entries.</source>
        <translation>请给出条目列表。</translation>
    </message>
    <message>
        <source>{name} is no list of entries.</source>
        <translation>{name} 不是条目列表。</translation>
    </message>
    <message>
        <source>{name} holds no entry that can be used. {first}</source>
        <translation>{name} 中没有可用的条目。{first}</translation>
    </message>
    <message>
        <source>Not one of {total} pictures could be measured. {first}</source>
        <translation>{total} 张图片均无法测量。{first}</translation>
    </message>
    <message>
        <source>Not one of {total} pictures could be tried. {first}</source>
        <translation>{total} 张图片均无法尝试。{first}</translation>
    </message>
    <message>
        <source>Correct the study&apos;s file.</source>
        <translation>请更正研究的文件。</translation>
    </message>
    <message>
        <source>entry {number} is no object.</source>
        <translation>第 {number} 项不是对象。</translation>
    </message>
    <message>
        <source>entry {number} names no picture.</source>
        <translation>第 {number} 项没有写明图片。</translation>
    </message>
    <message>
        <source>{name} has no question.</source>
        <translation>{name} 没有问题。</translation>
    </message>
    <message>
        <source>{name} has no answer.</source>
        <translation>{name} 没有答案。</translation>
    </message>
    <message>
        <source>{name} has a box that is not four numbers.</source>
        <translation>{name} 的框不是四个数字。</translation>
    </message>
    <message>
        <source>{name}: the box {box} does not lie in the picture of {width} x {height} pixels.</source>
        <translation>{name}:框 {box} 不在 {width} x {height} 像素的图片之内。</translation>
    </message>
    <message>
        <source>&quot;{model}&quot; does not let this program see where it looks.</source>
        <translation>“{model}”不让本程序看到它看向哪里。</translation>
    </message>
    <message>
        <source>Choose a local model.</source>
        <translation>请选择本地模型。</translation>
    </message>
    <message>
        <source>&quot;{model}&quot; reads pictures at one resolution only.</source>
        <translation>“{model}”只能以一种分辨率读取图片。</translation>
    </message>
    <message>
        <source>Set the input resolution of the preset to 1.</source>
        <translation>请把预设的输入分辨率设为 1。</translation>
    </message>
    <message>
        <source>Several grey windows are read at the model&apos;s own resolution only.</source>
        <translation>多个灰度窗口只能以模型自身的分辨率读取。</translation>
    </message>
    <message>
        <source>Set the input resolution of the preset to 1, or send one window.</source>
        <translation>请把预设的输入分辨率设为 1,或只发送一个窗口。</translation>
    </message>
    <message>
        <source>The preset {name} could not be read: {reason}.</source>
        <translation>无法读取预设 {name}：{reason}。</translation>
    </message>
    <message>
        <source>The preset {name} was left out: {fault}.</source>
        <translation>预设 {name} 未被载入：{fault}。</translation>
    </message>
    <message>
        <source>The preset {name} is damaged ({fault}). It is kept as {kept}.</source>
        <translation>预设 {name} 已损坏（{fault}）。原文件保存为 {kept}。</translation>
    </message>
    <message>
        <source>The preset {name} is damaged ({fault}). It stays where it is.</source>
        <translation>预设 {name} 已损坏（{fault}）。原文件留在原处。</translation>
    </message>
    <message>
        <source>The preset {name} is damaged ({fault}).</source>
        <translation>预设 {name} 已损坏（{fault}）。</translation>
    </message>
    <message>
        <source>The preset {name} cannot be used: {fault}.</source>
        <translation>无法使用预设 {name}：{fault}。</translation>
    </message>
    <message>
        <source>The preset cannot be used: {fault}.</source>
        <translation>无法使用该预设：{fault}。</translation>
    </message>
    <message>
        <source>The preset cannot be kept ({fault}).</source>
        <translation>无法保存该预设（{fault}）。</translation>
    </message>
    <message>
        <source>The preset {name} could not be removed: {reason}.</source>
        <translation>无法删除预设 {name}：{reason}。</translation>
    </message>
    <message>
        <source>There is no preset &quot;{name}&quot;.</source>
        <translation>没有预设“{name}”。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; cannot be the name of a preset.</source>
        <translation>“{name}”不能作为预设的名称。</translation>
    </message>
    <message>
        <source>Use up to 80 letters, digits, spaces and hyphens.</source>
        <translation>请使用最多 80 个字母、数字、空格和连字符。</translation>
    </message>
    <message>
        <source>Correct that entry, or take another file.</source>
        <translation>请更正该条目，或换一个文件。</translation>
    </message>
    <message>
        <source>Correct that entry.</source>
        <translation>请更正该条目。</translation>
    </message>
    <message>
        <source>Check the name, or choose one of the presets there are.</source>
        <translation>请检查名称，或从已有的预设中选择。</translation>
    </message>
    <message>
        <source>Use a newer version of this program, or export it there for an older one.</source>
        <translation>请使用本程序的较新版本，或在那里为旧版本导出。</translation>
    </message>
    <message>
        <source>Ask whoever made it to export it again.</source>
        <translation>请让制作者重新导出。</translation>
    </message>
    <message>
        <source>Ask for the right to write in that folder.</source>
        <translation>请申请该文件夹的写入权限。</translation>
    </message>
    <message>
        <source>The preset&apos;s pictures are {count} files of {size} MB; it may have {most} files of {room} MB.</source>
        <translation>预设的图片有 {count} 个文件，共 {size} MB；最多可有 {most} 个文件，共 {room} MB。</translation>
    </message>
    <message>
        <source>Take fewer or smaller pictures.</source>
        <translation>请使用更少或更小的图片。</translation>
    </message>
    <message>
        <source>The picture &quot;{name}&quot; of the preset is missing or cannot be read.</source>
        <translation>预设的图片“{name}”缺失或无法读取。</translation>
    </message>
    <message>
        <source>The template {path} could not be read: {reason}.</source>
        <translation>无法读取模板 {path}：{reason}。</translation>
    </message>
    <message>
        <source>The template {name} is damaged ({fault}).</source>
        <translation>模板 {name} 已损坏（{fault}）。</translation>
    </message>
    <message>
        <source>The prompt template &quot;{name}&quot; cannot be used: {fault}</source>
        <translation>无法使用提示词模板“{name}”：{fault}</translation>
    </message>
    <message>
        <source>The prompt template &quot;{name}&quot; needs words for {names}.</source>
        <translation>提示词模板“{name}”需要为 {names} 填写文字。</translation>
    </message>
    <message>
        <source>Type them in the preset, or choose another template.</source>
        <translation>请在预设中填写，或选择其他模板。</translation>
    </message>
    <message>
        <source>There is no prompt template &quot;{name}&quot; in the language &quot;{language}&quot;.</source>
        <translation>语言“{language}”中没有提示词模板“{name}”。</translation>
    </message>
    <message>
        <source>The region {box} reaches outside the picture, which is {width} x {height} pixels.</source>
        <translation>区域 {box} 超出了图片（{width} x {height} 像素）。</translation>
    </message>
    <message>
        <source>Give x0,y0,x1,y1 in pixels of the picture, from its upper left corner.</source>
        <translation>请以像素给出 x0,y0,x1,y1，从图片左上角算起。</translation>
    </message>
    <message>
        <source>No region is drawn.</source>
        <translation>没有画任何区域。</translation>
    </message>
    <message>
        <source>Draw a rectangle on the picture first.</source>
        <translation>请先在图片上画一个矩形。</translation>
    </message>
    <message>
        <source>{count} regions are drawn; a picture can have {most}.</source>
        <translation>画了 {count} 个区域；一张图片最多可有 {most} 个。</translation>
    </message>
    <message>
        <source>Remove some of them.</source>
        <translation>请去掉一些。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; runs on a server, which does not tell where it looks.</source>
        <translation>“{name}”在服务器上运行，服务器不告知它看了哪里。</translation>
    </message>
    <message>
        <source>Draw the region yourself, or choose a model on this machine.</source>
        <translation>请自己画出区域，或选择本机上的模型。</translation>
    </message>
    <message>
        <source>The card in {folder} wants a key of the system&apos;s keyring, which is only given to servers that were added here.</source>
        <translation>{folder} 中的模型卡想要系统密钥环中的密钥，但密钥只给在本机添加的服务器。</translation>
    </message>
    <message>
        <source>Add the server with: inspector models add-server.</source>
        <translation>请添加该服务器：inspector models add-server。</translation>
    </message>
    <message>
        <source>The card of &quot;{name}&quot; has no address that begins with http:// or https:// and holds no password, and nothing behind a ? or #.</source>
        <translation>“{name}”的模型卡中没有可用的地址：地址须以 http:// 或 https:// 开头，不含密码，也不含 ? 或 # 之后的内容。</translation>
    </message>
    <message>
        <source>Write it anew with: inspector models add-server.</source>
        <translation>请重新写入：inspector models add-server。</translation>
    </message>
    <message>
        <source>The card of &quot;{name}&quot; has a patience or a side that makes no sense.</source>
        <translation>“{name}”的模型卡中等待时间或边长不合理。</translation>
    </message>
    <message>
        <source>Give more than 0 seconds and at least {count} pixels.</source>
        <translation>请给出大于 0 的秒数和至少 {count} 像素。</translation>
    </message>
    <message>
        <source>The key &quot;{key}&quot; for &quot;{name}&quot; holds letters that no key can have.</source>
        <translation>“{name}”的密钥“{key}”含有密钥中不可能出现的字符。</translation>
    </message>
    <message>
        <source>Put the right one there with: inspector models add-server.</source>
        <translation>请放入正确的密钥：inspector models add-server。</translation>
    </message>
    <message>
        <source>The system&apos;s keyring has no key &quot;{key}&quot; for &quot;{name}&quot;.</source>
        <translation>系统密钥环中没有“{name}”所需的密钥“{key}”。</translation>
    </message>
    <message>
        <source>Put it there with: inspector models add-server.</source>
        <translation>请放入密钥：inspector models add-server。</translation>
    </message>
    <message>
        <source>The server at {server} has no model &quot;{name}&quot;.</source>
        <translation>服务器 {server} 没有模型“{name}”。</translation>
    </message>
    <message>
        <source>It has: {names}.</source>
        <translation>它有：{names}。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; used up all {count} tokens of an answer without a word of it, as models do that think first.</source>
        <translation>“{name}”用完了回答的全部 {count} 个词元，却一个字也没有回答；先思考的模型会这样。</translation>
    </message>
    <message>
        <source>Write more max_tokens under [prompt] on its card, or take one that does not think.</source>
        <translation>请在模型卡的 [prompt] 下增大 max_tokens,或换用不思考的模型。</translation>
    </message>
    <message>
        <source>The card of &quot;{name}&quot; lacks or misspells the entry {entry} of its server.</source>
        <translation>“{name}”的模型卡缺少或写错了服务器条目 {entry}。</translation>
    </message>
    <message>
        <source>The system&apos;s keyring does not open, so the key &quot;{key}&quot; is not to be had.</source>
        <translation>系统密钥环打不开，因此取不到密钥“{key}”。</translation>
    </message>
    <message>
        <source>Unlock the keyring, or use a server without a key.</source>
        <translation>请解锁密钥环，或使用不需要密钥的服务器。</translation>
    </message>
    <message>
        <source>The model &quot;{name}&quot; at {server} takes no pictures: {told}</source>
        <translation>{server} 上的模型“{name}”不接受图像：{told}</translation>
    </message>
    <message>
        <source>Choose a model that sees.</source>
        <translation>请选择能看图的模型。</translation>
    </message>
    <message>
        <source>The server at {server} does not answer{told}.</source>
        <translation>服务器 {server} 没有回答{told}。</translation>
    </message>
    <message>
        <source>Look at the server.</source>
        <translation>请查看服务器。</translation>
    </message>
    <message>
        <source>The server at {server} answered with a web page.</source>
        <translation>服务器 {server} 回了一个网页。</translation>
    </message>
    <message>
        <source>The server at {server} answered with something that is no answer.</source>
        <translation>服务器 {server} 回的内容不是回答。</translation>
    </message>
    <message>
        <source>The server at {server} answered with more than any answer can hold.</source>
        <translation>服务器 {server} 回的内容超出了任何回答的长度。</translation>
    </message>
    <message>
        <source>It must be OpenAI-compatible; its address usually ends in &quot;/v1&quot;.</source>
        <translation>它必须与 OpenAI 接口兼容；地址通常以“/v1”结尾。</translation>
    </message>
    <message>
        <source>The server at {server} broke off in the middle of its answer.</source>
        <translation>服务器 {server} 回答到一半就中断了。</translation>
    </message>
    <message>
        <source>Ask again, or look at the server.</source>
        <translation>请再问一次，或查看服务器。</translation>
    </message>
    <message>
        <source>The server at {server} does not accept the key{told}.</source>
        <translation>服务器 {server} 不接受该密钥{told}。</translation>
    </message>
    <message>
        <source>Give the right one with: inspector models add-server.</source>
        <translation>请给出正确的密钥：inspector models add-server。</translation>
    </message>
    <message>
        <source>The server at {server} is too busy or in trouble{told}.</source>
        <translation>服务器 {server} 太忙或出了问题{told}。</translation>
    </message>
    <message>
        <source>Ask again later, or look at the server.</source>
        <translation>请稍后再问，或查看服务器。</translation>
    </message>
    <message>
        <source>The server at {server} has no model &quot;{name}&quot; there{told}.</source>
        <translation>服务器 {server} 在该处没有模型“{name}”{told}。</translation>
    </message>
    <message>
        <source>Check the address (it ends in &quot;/v1&quot;) and the name of the model.</source>
        <translation>请检查地址（以“/v1”结尾）和模型名称。</translation>
    </message>
    <message>
        <source>The server at {server} refuses what it was asked{told}.</source>
        <translation>服务器 {server} 拒绝了请求{told}。</translation>
    </message>
    <message>
        <source>Shorten the question, or zoom into fewer regions.</source>
        <translation>请缩短问题，或减少放大的区域。</translation>
    </message>
    <message>
        <source>Write a smaller side on its card, or zoom into fewer regions.</source>
        <translation>请在模型卡上写更小的边长，或减少放大的区域。</translation>
    </message>
    <message>
        <source>The server at {server} sends on to another address (status {status}), where nothing is sent.</source>
        <translation>服务器 {server} 转到另一个地址（状态 {status}），程序不会向那里发送任何内容。</translation>
    </message>
    <message>
        <source>Add that address itself with: inspector models add-server.</source>
        <translation>请直接添加那个地址：inspector models add-server。</translation>
    </message>
    <message>
        <source>The server at {server} cannot be reached.</source>
        <translation>无法连接服务器 {server}。</translation>
    </message>
    <message>
        <source>Check that it runs, and its address.</source>
        <translation>请检查它是否在运行，以及地址是否正确。</translation>
    </message>
    <message>
        <source>The server at {server} kept the line open for {count} s and said nothing.</source>
        <translation>服务器 {server} 保持连接 {count} 秒，却什么也没说。</translation>
    </message>
    <message>
        <source>The server at {server} said nothing for {count} s.</source>
        <translation>服务器 {server} 沉默了 {count} 秒。</translation>
    </message>
    <message>
        <source>The server at {server} broke the connection.</source>
        <translation>服务器 {server} 断开了连接。</translation>
    </message>
    <message>
        <source>Copy models/embedded/card.toml there and adapt it to the checkpoint.</source>
        <translation>请把 models/embedded/card.toml 复制到那里，再按检查点修改。</translation>
    </message>
    <message>
        <source>The card {path} is no valid TOML: {reason}.</source>
        <translation>模型卡 {path} 不是有效的 TOML:{reason}。</translation>
    </message>
    <message>
        <source>Correct that line of the file.</source>
        <translation>请改正文件的那一行。</translation>
    </message>
    <message>
        <source>The card {path} holds a number or a nesting beyond all measure.</source>
        <translation>模型卡 {path} 含有过大的数字或过深的嵌套。</translation>
    </message>
    <message>
        <source>Compare it with models/embedded/card.toml.</source>
        <translation>请与 models/embedded/card.toml 对照。</translation>
    </message>
    <message>
        <source>The card {path} cannot be read: {reason}.</source>
        <translation>模型卡 {path} 无法读取：{reason}。</translation>
    </message>
    <message>
        <source>Check the permissions of the folder.</source>
        <translation>请检查文件夹的权限。</translation>
    </message>
    <message>
        <source>The card {path} lacks or misspells the entry {entry}.</source>
        <translation>模型卡 {path} 缺少或写错了条目 {entry}。</translation>
    </message>
    <message>
        <source>The card of &quot;{name}&quot; names layer {layer}; the model has layers 0 to {last}.</source>
        <translation>“{name}”的模型卡写的是第 {layer} 层；该模型只有 0 到 {last} 层。</translation>
    </message>
    <message>
        <source>Correct the layer in card.toml.</source>
        <translation>请改正 card.toml 中的层。</translation>
    </message>
    <message>
        <source>The file {path} of the model cannot be read.</source>
        <translation>模型文件 {path} 无法读取。</translation>
    </message>
    <message>
        <source>The file {path} of the model holds no settings.</source>
        <translation>模型文件 {path} 中没有设置。</translation>
    </message>
    <message>
        <source>The checkpoint in {folder} is a {name}, which this family cannot load.</source>
        <translation>{folder} 中的检查点是 {name}，该模型家族无法加载。</translation>
    </message>
    <message>
        <source>The checkpoint in {folder} has a part of the kind &quot;{name}&quot;, which this family cannot load.</source>
        <translation>{folder} 中的检查点含有“{name}”类型的部件，该模型家族无法加载。</translation>
    </message>
    <message>
        <source>It loads: {names}.</source>
        <translation>可加载：{names}。</translation>
    </message>
    <message>
        <source>The checkpoint in {folder} is quantised, which is not supported.</source>
        <translation>{folder} 中的检查点已量化，不受支持。</translation>
    </message>
    <message>
        <source>Take the float16 or bfloat16 checkpoint.</source>
        <translation>请使用 float16 或 bfloat16 的检查点。</translation>
    </message>
    <message>
        <source>The model folder {folder} is incomplete: it has no weights.</source>
        <translation>模型文件夹 {folder} 不完整：没有权重。</translation>
    </message>
    <message>
        <source>Copy or download its .safetensors files.</source>
        <translation>请复制或下载它的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>The tokenizer in {folder} is there in SentencePiece&apos;s format only (tokenizer.model), which is not read.</source>
        <translation>{folder} 中的分词器只有 SentencePiece 格式（tokenizer.model），程序不读取这种格式。</translation>
    </message>
    <message>
        <source>Add the tokenizer.json of the same checkpoint.</source>
        <translation>请加入同一检查点的 tokenizer.json。</translation>
    </message>
    <message>
        <source>The tokenizer in {folder} is missing or damaged.</source>
        <translation>{folder} 中的分词器缺失或损坏。</translation>
    </message>
    <message>
        <source>The tokenizer in {folder} has no token {number} for pictures.</source>
        <translation>{folder} 中的分词器没有表示图像的词元 {number}。</translation>
    </message>
    <message>
        <source>The tokenizer&apos;s files do not belong to this checkpoint.</source>
        <translation>分词器文件不属于此检查点。</translation>
    </message>
    <message>
        <source>The model in {folder} wants to run Python code of its own ({name}).</source>
        <translation>{folder} 中的模型要运行自带的 Python 代码（{name}）。</translation>
    </message>
    <message>
        <source>For safety only checkpoints that transformers itself knows are loaded.</source>
        <translation>为安全起见，只加载 transformers 自身支持的检查点。</translation>
    </message>
    <message>
        <source>The weights in {folder} are not all finite numbers in {precision} ({name}).</source>
        <translation>{folder} 中的权重在 {precision} 下并非全为有限数（{name}）。</translation>
    </message>
    <message>
        <source>Copy or download the checkpoint again.</source>
        <translation>请重新复制或下载检查点。</translation>
    </message>
    <message>
        <source>Copy or download the checkpoint again, or choose the precision bfloat16.</source>
        <translation>请重新复制或下载检查点，或选择 bfloat16 精度。</translation>
    </message>
    <message>
        <source>The weights in {folder} do not fit the model&apos;s config or are damaged ({reason}).</source>
        <translation>{folder} 中的权重与模型配置不符或已损坏（{reason}）。</translation>
    </message>
    <message>
        <source>The model in {folder} is damaged or unlike what its family loads ({reason}).</source>
        <translation>{folder} 中的模型已损坏，或不是其家族能加载的（{reason}）。</translation>
    </message>
    <message>
        <source>The vision tower of the model in {folder} does not work ({reason}).</source>
        <translation>{folder} 中模型的视觉塔无法工作（{reason}）。</translation>
    </message>
    <message>
        <source>Its config.json is damaged: copy or download the whole checkpoint again.</source>
        <translation>其 config.json 已损坏：请重新复制或下载整个检查点。</translation>
    </message>
    <message>
        <source>The language model in {folder} sees only a sliding window of its prompt, which is not supported.</source>
        <translation>{folder} 中的语言模型只看提示的滑动窗口，不受支持。</translation>
    </message>
    <message>
        <source>Take a checkpoint with full attention.</source>
        <translation>请使用全注意力的检查点。</translation>
    </message>
    <message>
        <source>The image processor &quot;{name}&quot; in {path} is not one that can be used.</source>
        <translation>{path} 中的图像处理器“{name}”无法使用。</translation>
    </message>
    <message>
        <source>The image processor&apos;s file {path} cannot be understood ({reason}).</source>
        <translation>图像处理器文件 {path} 无法理解（{reason}）。</translation>
    </message>
    <message>
        <source>Take the file that came with the checkpoint.</source>
        <translation>请使用随检查点提供的文件。</translation>
    </message>
    <message>
        <source>Take the processor&apos;s file that came with the checkpoint.</source>
        <translation>请使用随检查点提供的处理器文件。</translation>
    </message>
    <message>
        <source>The model gave numbers that are not finite in {precision}.</source>
        <translation>模型在 {precision} 下给出了非有限数。</translation>
    </message>
    <message>
        <source>Choose the precision float32 or bfloat16 in the settings.</source>
        <translation>请在设置中选择 float32 或 bfloat16 精度。</translation>
    </message>
    <message>
        <source>A picture of {width} x {height} pixels is too thin a strip for this model, which takes pictures up to {count} times as long as wide.</source>
        <translation>{width} x {height} 像素的图像对此模型来说太细长，它只接受长宽比不超过 {count} 的图像。</translation>
    </message>
    <message>
        <source>A picture of {width} x {height} pixels is too thin a strip for this model.</source>
        <translation>{width} x {height} 像素的图像对此模型来说太细长。</translation>
    </message>
    <message>
        <source>Draw a region in it, or choose another model.</source>
        <translation>请在其中画一个区域，或换用别的模型。</translation>
    </message>
    <message>
        <source>The question contains &quot;{text}&quot;, which stands for the picture.</source>
        <translation>问题中含有代表图像的“{text}”。</translation>
    </message>
    <message>
        <source>Leave it out: the picture is added by itself.</source>
        <translation>请删去：图像会自动加入。</translation>
    </message>
    <message>
        <source>The question contains &quot;{text}&quot;, which is a mark between parts of a prompt.</source>
        <translation>问题中含有“{text}”，它是提示各部分之间的标记。</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>请删去。</translation>
    </message>
    <message>
        <source>The question is too long: the queries read {room} tokens, and it has {count}.</source>
        <translation>问题太长：查询只读 {room} 个词元，而问题有 {count} 个。</translation>
    </message>
    <message>
        <source>Shorten the question.</source>
        <translation>请缩短问题。</translation>
    </message>
    <message>
        <source>The question is empty.</source>
        <translation>问题为空。</translation>
    </message>
    <message>
        <source>Type what you want to know.</source>
        <translation>请输入想知道的内容。</translation>
    </message>
    <message>
        <source>&quot;{title}&quot; needs {need} GB in {precision}, and {free} GB are free on the graphics card.</source>
        <translation>“{title}”在 {precision} 下需要 {need} GB,而显卡上空闲 {free} GB。</translation>
    </message>
    <message>
        <source>&quot;{title}&quot; needs {need} GB in {precision}, and {free} GB are free on the computer.</source>
        <translation>“{title}”在 {precision} 下需要 {need} GB,而本机空闲 {free} GB。</translation>
    </message>
    <message>
        <source>Choose a smaller model or a server, or close other programs.</source>
        <translation>请选择更小的模型或服务器，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Choose a lower precision, a smaller model or a server, or close other programs.</source>
        <translation>请选择更低的精度、更小的模型或服务器，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The weights of &quot;{name}&quot; are not on this computer.</source>
        <translation>“{name}”的权重不在本机上。</translation>
    </message>
    <message>
        <source>Get them with: inspector models pull {name}, or under Tools &gt; Models.</source>
        <translation>获取方法：inspector models pull {name}，或在“工具 &gt; 模型”中。</translation>
    </message>
    <message>
        <source>The card of &quot;{name}&quot; names the family &quot;{family}&quot;, which this program does not have.</source>
        <translation>“{name}”的模型卡写的家族是“{family}”，本程序没有该家族。</translation>
    </message>
    <message>
        <source>Families there are: {names}.</source>
        <translation>现有家族：{names}。</translation>
    </message>
    <message>
        <source>Name a folder, an address that begins with https://, or &quot;modelscope&quot;.</source>
        <translation>请给出文件夹、以 https:// 开头的地址，或“modelscope”。</translation>
    </message>
    <message>
        <source>There is no folder {folder} to take a model from.</source>
        <translation>没有可取模型的文件夹 {folder}。</translation>
    </message>
    <message>
        <source>There is no &quot;{name}&quot; at {host}.</source>
        <translation>{host} 上没有“{name}”。</translation>
    </message>
    <message>
        <source>Check the address; a mirror speaks the hub&apos;s language or serves a model&apos;s folder with its {name}.</source>
        <translation>请检查地址；镜像站须与 hub 接口相同，或提供带 {name} 的模型文件夹。</translation>
    </message>
    <message>
        <source>{host} does not give this model to everybody (status {status}).</source>
        <translation>{host} 不向所有人提供此模型（状态 {status}）。</translation>
    </message>
    <message>
        <source>Accept its licence and download it in a browser, then name that folder with --from.</source>
        <translation>请在浏览器中接受许可并下载，然后从该文件夹获取。</translation>
    </message>
    <message>
        <source>{host} cannot be reached: this computer seems to be offline.</source>
        <translation>无法连接 {host}：本机似乎没有联网。</translation>
    </message>
    <message>
        <source>Connect to the network, name a mirror or a folder with --from, or copy the folder from another computer.</source>
        <translation>请联网，或指定镜像站或文件夹，或从另一台电脑复制该文件夹。</translation>
    </message>
    <message>
        <source>{host} broke the connection.</source>
        <translation>{host} 断开了连接。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>{host} broke the connection, again and again.</source>
        <translation>{host} 一再断开连接。</translation>
    </message>
    <message>
        <source>{host} cannot be reached, again and again.</source>
        <translation>{host} 一再无法连接。</translation>
    </message>
    <message>
        <source>{host} is busy (status {status}), again and again.</source>
        <translation>{host} 一直忙（状态 {status}）。</translation>
    </message>
    <message>
        <source>Pull it again later: it goes on where it stopped.</source>
        <translation>请稍后再次获取：会从中断处继续。</translation>
    </message>
    <message>
        <source>There is no checkpoint in {folder}: it has no config.json.</source>
        <translation>{folder} 中没有检查点：缺少 config.json。</translation>
    </message>
    <message>
        <source>Name the folder that holds config.json and the .safetensors files.</source>
        <translation>请指定含有 config.json 和 .safetensors 文件的文件夹。</translation>
    </message>
    <message>
        <source>The folder {folder} does not have {name}.</source>
        <translation>文件夹 {folder} 中没有 {name}。</translation>
    </message>
    <message>
        <source>Copy the whole checkpoint there again.</source>
        <translation>请把整个检查点重新复制到那里。</translation>
    </message>
    <message>
        <source>{host} does not have {name}.</source>
        <translation>{host} 上没有 {name}。</translation>
    </message>
    <message>
        <source>Try another mirror, or a folder.</source>
        <translation>请换一个镜像站，或使用文件夹。</translation>
    </message>
    <message>
        <source>{host} answered with something that is no list of files.</source>
        <translation>{host} 回的内容不是文件列表。</translation>
    </message>
    <message>
        <source>Check the address, or try again later.</source>
        <translation>请检查地址，或稍后再试。</translation>
    </message>
    <message>
        <source>Try again later, or pull the model from the hub.</source>
        <translation>请稍后再试，或从 hub 获取模型。</translation>
    </message>
    <message>
        <source>Pull it from the hub or a mirror of it.</source>
        <translation>请从 hub 或其镜像站获取。</translation>
    </message>
    <message>
        <source>{host} is in trouble (status {status}).</source>
        <translation>{host} 出了问题（状态 {status}）。</translation>
    </message>
    <message>
        <source>Try again later, or name a mirror or a folder.</source>
        <translation>请稍后再试，或指定镜像站或文件夹。</translation>
    </message>
    <message>
        <source>&quot;{address}&quot; is no address to pull a model from.</source>
        <translation>“{address}”不是可获取模型的地址。</translation>
    </message>
    <message>
        <source>Give one such as https://hf-mirror.com, without a name or password in it.</source>
        <translation>请给出如 https://hf-mirror.com 的地址，其中不含用户名或密码。</translation>
    </message>
    <message>
        <source>The checkpoint at {host} is quantised, which is not supported.</source>
        <translation>{host} 的检查点已量化，不受支持。</translation>
    </message>
    <message>
        <source>The checkpoint at {host} is a {name}, not what the card describes.</source>
        <translation>{host} 的检查点是 {name}，与模型卡不符。</translation>
    </message>
    <message>
        <source>Expected: {names}.</source>
        <translation>应为：{names}。</translation>
    </message>
    <message>
        <source>The config.json of {host} cannot be read.</source>
        <translation>{host} 的 config.json 无法读取。</translation>
    </message>
    <message>
        <source>Take another source.</source>
        <translation>请换一个来源。</translation>
    </message>
    <message>
        <source>The disk has {free} free, and &quot;{name}&quot; needs {need} more.</source>
        <translation>磁盘空闲 {free}，而“{name}”还需要 {need}。</translation>
    </message>
    <message>
        <source>Free some space, or move INSPECTOR_HOME to another disk.</source>
        <translation>请腾出空间，或把 INSPECTOR_HOME 移到另一磁盘。</translation>
    </message>
    <message>
        <source>{name} from {host} is not what was published: its hash is another one.</source>
        <translation>来自 {host} 的 {name} 不是所发布的文件：哈希值不同。</translation>
    </message>
    <message>
        <source>Try again, or take another mirror.</source>
        <translation>请再试一次，或换一个镜像站。</translation>
    </message>
    <message>
        <source>The model at {host} wants to run Python code of its own ({name}).</source>
        <translation>{host} 的模型要运行自带的 Python 代码（{name}）。</translation>
    </message>
    <message>
        <source>For safety only checkpoints that transformers itself knows are taken.</source>
        <translation>为安全起见，只接受 transformers 自身支持的检查点。</translation>
    </message>
    <message>
        <source>The model in {folder} is damaged: {name} is missing.</source>
        <translation>{folder} 中的模型已损坏：缺少 {name}。</translation>
    </message>
    <message>
        <source>The model in {folder} is damaged: {name} has {size} of {total} bytes.</source>
        <translation>{folder} 中的模型已损坏：{name} 只有 {total} 字节中的 {size} 字节。</translation>
    </message>
    <message>
        <source>The model in {folder} is damaged: {name} is not what came.</source>
        <translation>{folder} 中的模型已损坏：{name} 与当初取得的不同。</translation>
    </message>
    <message>
        <source>Repair it with: inspector models pull {name}.</source>
        <translation>修复方法：inspector models pull {name}。</translation>
    </message>
    <message>
        <source>The model in {folder} is not as it came: {name} was put there afterwards.</source>
        <translation>{folder} 中的模型与当初取得的不同：{name} 是后来放入的。</translation>
    </message>
    <message>
        <source>Take that file out of the folder.</source>
        <translation>请把该文件移出文件夹。</translation>
    </message>
    <message>
        <source>Only models that were pulled or added have one.</source>
        <translation>只有获取或添加的模型才有。</translation>
    </message>
    <message>
        <source>The model folder {folder} has no {name} to compare with.</source>
        <translation>模型文件夹 {folder} 中没有可对照的 {name}。</translation>
    </message>
    <message>
        <source>The manifest {path} cannot be read: {reason}.</source>
        <translation>清单 {path} 无法读取：{reason}。</translation>
    </message>
    <message>
        <source>The manifest {path} cannot be read.</source>
        <translation>清单 {path} 无法读取。</translation>
    </message>
    <message>
        <source>Pull the model again, or copy its whole folder again.</source>
        <translation>请重新获取模型，或重新复制整个文件夹。</translation>
    </message>
    <message>
        <source>The card of &quot;{name}&quot; names no repository to pull it from.</source>
        <translation>“{name}”的模型卡没有写获取它的仓库。</translation>
    </message>
    <message>
        <source>Models with one are listed by: inspector models list.</source>
        <translation>有仓库的模型可列出：inspector models list。</translation>
    </message>
    <message>
        <source>{folder} is where &quot;{name}&quot; is already.</source>
        <translation>“{name}”已经在 {folder}。</translation>
    </message>
    <message>
        <source>Name another folder.</source>
        <translation>请指定另一个文件夹。</translation>
    </message>
    <message>
        <source>{host} has no weights of this model.</source>
        <translation>{host} 没有此模型的权重。</translation>
    </message>
    <message>
        <source>{host} has no config.json of this model.</source>
        <translation>{host} 没有此模型的 config.json。</translation>
    </message>
    <message>
        <source>Check the address or the folder.</source>
        <translation>请检查地址或文件夹。</translation>
    </message>
    <message>
        <source>{host} has the weights as pickle only ({name}), which can run code when they are opened.</source>
        <translation>{host} 只有 pickle 格式的权重（{name}），打开时可能运行代码。</translation>
    </message>
    <message>
        <source>Take a repository with .safetensors files.</source>
        <translation>请使用含 .safetensors 文件的仓库。</translation>
    </message>
    <message>
        <source>There is another model &quot;{name}&quot; here already.</source>
        <translation>这里已有另一个模型“{name}”。</translation>
    </message>
    <message>
        <source>Rename the folder {folder} first.</source>
        <translation>请先重命名文件夹 {folder}。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; is no name for a folder.</source>
        <translation>“{name}”不能作为文件夹名称。</translation>
    </message>
    <message>
        <source>Use letters, digits and -.</source>
        <translation>请使用字母、数字和 -。</translation>
    </message>
    <message>
        <source>There is a model &quot;{name}&quot; already.</source>
        <translation>已有模型“{name}”。</translation>
    </message>
    <message>
        <source>Choose another name, or remove {folder}.</source>
        <translation>请换一个名称，或移除 {folder}。</translation>
    </message>
    <message>
        <source>There is no folder {folder} to add a model from.</source>
        <translation>没有可添加模型的文件夹 {folder}。</translation>
    </message>
    <message>
        <source>The card in {folder} names the family &quot;{family}&quot;, but the checkpoint beside it is one for &quot;{kin}&quot;.</source>
        <translation>{folder} 中的模型卡写的家族是“{family}”，但旁边的检查点属于“{kin}”。</translation>
    </message>
    <message>
        <source>Correct the family in {name}, or take the file away: a card is then made.</source>
        <translation>请改正 {name} 中的家族，或移走该文件：程序会另写一张模型卡。</translation>
    </message>
    <message>
        <source>The config.json of &quot;{name}&quot; describes no network ({reason}).</source>
        <translation>“{name}”的 config.json 没有描述任何网络（{reason}）。</translation>
    </message>
    <message>
        <source>The vision tower of &quot;{name}&quot; takes pictures of many sizes and is not exported.</source>
        <translation>“{name}”的视觉塔接受多种尺寸的图像，不予导出。</translation>
    </message>
    <message>
        <source>Torch runs it.</source>
        <translation>由 torch 运行。</translation>
    </message>
    <message>
        <source>The export of the vision tower ended without a word, as when memory is full.</source>
        <translation>视觉塔的导出无声中止，多半是内存已满。</translation>
    </message>
    <message>
        <source>Close other programs and try again; torch goes on running the tower.</source>
        <translation>请关闭其他程序后重试；视觉塔继续由 torch 运行。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be read: {reason}.</source>
        <translation>文件夹 {folder} 无法读取：{reason}。</translation>
    </message>
    <message>
        <source>The file {path} cannot be read: {reason}.</source>
        <translation>文件 {path} 无法读取：{reason}。</translation>
    </message>
    <message>
        <source>Check the disk and the permissions of the folder.</source>
        <translation>请检查磁盘和文件夹的权限。</translation>
    </message>
</context>
<context>
    <name>region</name>
    <message>
        <source>{width} x {height} px at ({x}, {y})</source>
        <translation>{width} x {height} px，位于 ({x}, {y})</translation>
    </message>
    <message>
        <source>score {score:.3g}: how much it stands out; not a probability</source>
        <translation>得分 {score:.3g}:突出程度，并非概率</translation>
    </message>
</context>
<context>
    <name>roles</name>
    <message>
        <source>operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>technician</source>
        <translation>技术员</translation>
    </message>
    <message>
        <source>engineer</source>
        <translation>工程师</translation>
    </message>
    <message>
        <source>admin</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>inspect</source>
        <translation>检查图片</translation>
    </message>
    <message>
        <source>correct verdicts and findings</source>
        <translation>更正判定和发现</translation>
    </message>
    <message>
        <source>sign as reviewed</source>
        <translation>签署复核</translation>
    </message>
    <message>
        <source>change settings</source>
        <translation>更改设置</translation>
    </message>
    <message>
        <source>sign as approved</source>
        <translation>签署批准</translation>
    </message>
    <message>
        <source>change presets</source>
        <translation>更改预设</translation>
    </message>
    <message>
        <source>look after users</source>
        <translation>管理用户</translation>
    </message>
    <message>
        <source>reviewed</source>
        <translation>已复核</translation>
    </message>
    <message>
        <source>approved</source>
        <translation>已批准</translation>
    </message>
    <message>
        <source>{meaning} by {name} ({role}), {when}</source>
        <translation>{meaning}：{name}（{role}），{when}</translation>
    </message>
    <message>
        <source>{words}: signed for an earlier state</source>
        <translation>{words}：签署的是更早的状态</translation>
    </message>
</context>
<context>
    <name>rule</name>
    <message>
        <source>Yes or no</source>
        <translation>是或否</translation>
    </message>
    <message>
        <source>Expected text</source>
        <translation>预期文字</translation>
    </message>
    <message>
        <source>Number in a range</source>
        <translation>范围内的数值</translation>
    </message>
    <message>
        <source>One of a list of codes</source>
        <translation>编码清单之一</translation>
    </message>
    <message>
        <source>Answer patterns</source>
        <translation>答案模式</translation>
    </message>
    <message>
        <source>Names what is wrong</source>
        <translation>说出问题所在</translation>
    </message>
    <message>
        <source>The answer must be yes or no; one of them is bad.</source>
        <translation>答案必须是“是”或“否”，其中一个表示不合格。</translation>
    </message>
    <message>
        <source>The answer must be one of these texts, whole; capitals do not count.</source>
        <translation>答案必须完整地是这些文字之一；不区分大小写。</translation>
    </message>
    <message>
        <source>The answer must hold one number inside the limits; units are converted.</source>
        <translation>答案必须含有一个在限值以内的数；单位会自动换算。</translation>
    </message>
    <message>
        <source>The answer must be one of these codes; every letter counts, capitals do not.</source>
        <translation>答案必须是这些编码之一；每个字符都要相符，不区分大小写。</translation>
    </message>
    <message>
        <source>* is any run of letters, ? any one. An answer like both or like neither is a doubt.</source>
        <translation>* 代表任意一串字符，? 代表任意一个字符。两边都符合或都不符合的答案为存疑。</translation>
    </message>
    <message>
        <source>Good when it says that nothing is wrong; else it must name rows of the table.</source>
        <translation>说没有问题即为合格；否则必须说出表中某一行的名称。</translation>
    </message>
    <message>
        <source>Bad answer</source>
        <translation>不合格的答案</translation>
    </message>
    <message>
        <source>What is found then</source>
        <translation>此时的发现</translation>
    </message>
    <message>
        <source>Good texts</source>
        <translation>合格的文字</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>至多</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Good codes</source>
        <translation>合格的编码</translation>
    </message>
    <message>
        <source>Good answers</source>
        <translation>合格的答案</translation>
    </message>
    <message>
        <source>Bad answers</source>
        <translation>不合格的答案</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Words that mean it</source>
        <translation>表示它的词</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Fails from</source>
        <translation>从此程度起不合格</translation>
    </message>
    <message>
        <source>Least margin</source>
        <translation>最小差距</translation>
    </message>
    <message>
        <source>Both answers must agree</source>
        <translation>两个答案必须一致</translation>
    </message>
    <message>
        <source>Needs an enlarged region</source>
        <translation>需要放大的区域</translation>
    </message>
    <message>
        <source>Longest time in ms</source>
        <translation>最长时间（毫秒）</translation>
    </message>
    <message>
        <source>Most blur</source>
        <translation>最大模糊</translation>
    </message>
    <message>
        <source>Most over-exposed</source>
        <translation>最大过曝</translation>
    </message>
    <message>
        <source>Most under-exposed</source>
        <translation>最大欠曝</translation>
    </message>
    <message>
        <source>Longest writing</source>
        <translation>最长文字</translation>
    </message>
    <message>
        <source>Largest shift</source>
        <translation>最大平移</translation>
    </message>
    <message>
        <source>Largest turn</source>
        <translation>最大转角</translation>
    </message>
    <message>
        <source>Largest change of size</source>
        <translation>最大尺寸变化</translation>
    </message>
    <message>
        <source>Least score</source>
        <translation>最低得分</translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation>最大误差</translation>
    </message>
    <message>
        <source>Milder findings are told but pass.</source>
        <translation>更轻的发现会列出，但不判为不合格。</translation>
    </message>
    <message>
        <source>0 to 1: how much likelier the first word must be than its runner-up.</source>
        <translation>0 到 1：第一个词的概率须比次选高出多少。</translation>
    </message>
    <message>
        <source>Off for print that only the enlarged view makes legible.</source>
        <translation>只有放大后才能看清的文字，请关闭此项。</translation>
    </message>
    <message>
        <source>Longer is a doubt; empty: no limit.</source>
        <translation>超过即为存疑；留空：不限。</translation>
    </message>
    <message>
        <source>Of the strongest edges, in pixels; empty: pictures are soft by nature.</source>
        <translation>最清晰边缘的模糊，单位像素；留空：图片本来就柔和。</translation>
    </message>
    <message>
        <source>Part burnt out, 0 to 1.</source>
        <translation>过曝部分所占比例，0 到 1。</translation>
    </message>
    <message>
        <source>Part that is black, 0 to 1.</source>
        <translation>全黑部分所占比例，0 到 1。</translation>
    </message>
    <message>
        <source>In letters; longer lines bar PASS; empty: pictures of text.</source>
        <translation>按字符计；更长的文字行不能判为合格；留空：文字图片。</translation>
    </message>
    <message>
        <source>As a part of the picture&apos;s longer side.</source>
        <translation>占图片长边的比例。</translation>
    </message>
    <message>
        <source>In degrees.</source>
        <translation>单位：度。</translation>
    </message>
    <message>
        <source>0.15 allows 0.85 to 1.15.</source>
        <translation>0.15 表示允许 0.85 到 1.15。</translation>
    </message>
    <message>
        <source>Of finding the part, 0 to 1.</source>
        <translation>找到零件的得分，0 到 1。</translation>
    </message>
    <message>
        <source>In pixels of a picture whose longer side is 2,000.</source>
        <translation>按长边 2000 像素的图片计，单位像素。</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>热图</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>窗口的颜色。</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window.</source>
        <translation>窗口的语言。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>整体大小</translation>
    </message>
    <message>
        <source>How large words and symbols are, for screens with very fine pixels; holds from the next start on.</source>
        <translation>文字和图标的大小，适用于像素很细的屏幕；下次启动时生效。</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100 %</translation>
    </message>
    <message>
        <source>125 %</source>
        <translation>125 %</translation>
    </message>
    <message>
        <source>150 %</source>
        <translation>150 %</translation>
    </message>
    <message>
        <source>175 %</source>
        <translation>175 %</translation>
    </message>
    <message>
        <source>200 %</source>
        <translation>200 %</translation>
    </message>
    <message>
        <source>简体中文</source>
        <translation>简体中文</translation>
    </message>
    <message>
        <source>The model that is loaded first: its name or its folder.</source>
        <translation>首先加载的模型：其名称或文件夹。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Where the model runs.</source>
        <translation>模型在哪里运行。</translation>
    </message>
    <message>
        <source>Fastest there is</source>
        <translation>最快的可用设备</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>NVIDIA GPU</source>
        <translation>NVIDIA GPU</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Fewer bits need less memory and may change answers.</source>
        <translation>位数越少，所需内存越少，但可能改变回答。</translation>
    </message>
    <message>
        <source>Best for the device</source>
        <translation>最适合该设备</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>float16</source>
        <translation>float16</translation>
    </message>
    <message>
        <source>int8 weights</source>
        <translation>int8 权重</translation>
    </message>
    <message>
        <source>Vision tower</source>
        <translation>视觉塔</translation>
    </message>
    <message>
        <source>What runs the part that sees, where it was exported under Tools &gt; Models.</source>
        <translation>模型中负责看图的部分由什么来运行；须先在“工具 &gt; 模型”中导出。</translation>
    </message>
    <message>
        <source>The faster one</source>
        <translation>较快者</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>ONNX Runtime</source>
        <translation>ONNX Runtime</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>How the place to look closer at is chosen.</source>
        <translation>如何选择要放大查看的位置。</translation>
    </message>
    <message>
        <source>Crops</source>
        <translation>局部数</translation>
    </message>
    <message>
        <source>How many regions are shown enlarged.</source>
        <translation>放大显示多少处局部。</translation>
    </message>
    <message>
        <source>Zoom only in doubt</source>
        <translation>仅在存疑时放大</translation>
    </message>
    <message>
        <source>Keep the first answer when the model is sure of every word; faster, but a sure answer can be wrong.</source>
        <translation>当模型对每个词都确定时保留首次回答；更快，但确定的回答也可能是错的。</translation>
    </message>
    <message>
        <source>Inspect ahead</source>
        <translation>预先检查</translation>
    </message>
    <message>
        <source>Inspect the next pictures of the worklist, with the question that stands, while you look at this one.</source>
        <translation>在您查看这张图片时，用当前问题检查列表中后面的图片。</translation>
    </message>
    <message>
        <source>Pictures ahead</source>
        <translation>预先检查张数</translation>
    </message>
    <message>
        <source>How many of the next pictures are inspected ahead.</source>
        <translation>预先检查后面多少张图片。</translation>
    </message>
    <message>
        <source>Read first, then AI</source>
        <translation>先阅片，后看 AI</translation>
    </message>
    <message>
        <source>Show nothing that the program found in a picture until you have ended your own reading of it.</source>
        <translation>在您结束对图片的首次阅片之前，不显示程序的任何发现。</translation>
    </message>
    <message>
        <source>Heat opacity</source>
        <translation>热图不透明度</translation>
    </message>
    <message>
        <source>How strongly the heat map covers the picture.</source>
        <translation>热图覆盖图片的程度。</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Colours of the heat map.</source>
        <translation>热图的颜色。</translation>
    </message>
    <message>
        <source>Smooth heat</source>
        <translation>平滑热图</translation>
    </message>
    <message>
        <source>Blend the heat map instead of showing the model&apos;s own grid.</source>
        <translation>平滑过渡热图，而不显示模型自身的网格。</translation>
    </message>
    <message>
        <source>Corner texts</source>
        <translation>四角文字</translation>
    </message>
    <message>
        <source>Show what the file says in the corners of the picture.</source>
        <translation>在图片四角显示文件中的信息。</translation>
    </message>
    <message>
        <source>Hide patient</source>
        <translation>隐藏患者信息</translation>
    </message>
    <message>
        <source>Show nothing that tells who the patient is.</source>
        <translation>不显示任何能识别患者的信息。</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Require sign-in</source>
        <translation>需要登录</translation>
    </message>
    <message>
        <source>Everybody signs in with name and password, and the name stands in every record.</source>
        <translation>每个人都用姓名和密码登录，姓名会写入每条记录。</translation>
    </message>
    <message>
        <source>Lock after minutes</source>
        <translation>几分钟后锁定</translation>
    </message>
    <message>
        <source>Minutes without a hand on mouse or keys after which the window is locked, where sign-in is required; 0 never locks it.</source>
        <translation>需要登录时，多少分钟没有鼠标或键盘操作后锁定窗口；0 表示从不锁定。</translation>
    </message>
    <message>
        <source>Drag up to raise</source>
        <translation>向上拖动为增大</translation>
    </message>
    <message>
        <source>Dragging up raises the centre of a grey window; otherwise dragging down does.</source>
        <translation>向上拖动增大灰度窗位；否则向下拖动增大。</translation>
    </message>
</context>
<context>
    <name>stage</name>
    <message>
        <source>waiting for the model</source>
        <translation>等待模型</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>加载模型</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>读图</translation>
    </message>
    <message>
        <source>asking</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>looking</source>
        <translation>注视</translation>
    </message>
    <message>
        <source>zooming</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>trying experiments</source>
        <translation>正在做实验</translation>
    </message>
    <message>
        <source>judging</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>statistics</name>
    <message>
        <source>without a preset</source>
        <translation>未用预设</translation>
    </message>
    <message>
        <source>Called good after FAIL</source>
        <translation>程序不合格、人工合格</translation>
    </message>
    <message>
        <source>Called bad after PASS</source>
        <translation>程序合格、人工不合格</translation>
    </message>
    <message>
        <source>Decided after CHECK</source>
        <translation>待复判后已定</translation>
    </message>
    <message>
        <source>Read before the program&apos;s findings were shown</source>
        <translation>先于程序结果的阅片</translation>
    </message>
    <message>
        <source>Found by both</source>
        <translation>双方都发现</translation>
    </message>
    <message>
        <source>Found only by the reader</source>
        <translation>仅阅片者发现</translation>
    </message>
    <message>
        <source>Found only by the program</source>
        <translation>仅程序发现</translation>
    </message>
    <message>
        <source>program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>not defined</source>
        <translation>无定义</translation>
    </message>
    <message>
        <source>{kappa} over {count} inspections</source>
        <translation>{kappa}，共 {count} 次检查</translation>
    </message>
</context>
<context>
    <name>strategy</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Attention and value vectors</source>
        <translation>注意力与值向量</translation>
    </message>
    <message>
        <source>Relative attention</source>
        <translation>相对注意力</translation>
    </message>
    <message>
        <source>Gradient attention</source>
        <translation>梯度注意力</translation>
    </message>
    <message>
        <source>Pixel gradient</source>
        <translation>像素梯度</translation>
    </message>
    <message>
        <source>Value vectors</source>
        <translation>值向量</translation>
    </message>
    <message>
        <source>The model&apos;s own box</source>
        <translation>模型自己给出的框</translation>
    </message>
    <message>
        <source>Choice of numbered parts</source>
        <translation>选择编号局部</translation>
    </message>
    <message>
        <source>Search by yes and no</source>
        <translation>是否问答搜索</translation>
    </message>
    <message>
        <source>Tiles at several scales</source>
        <translation>多尺度分块</translation>
    </message>
    <message>
        <source>Drawn by hand</source>
        <translation>手动框选</translation>
    </message>
    <message>
        <source>Whole picture only</source>
        <translation>仅整图</translation>
    </message>
    <message>
        <source>Zoom only where the first answer is unsure, by the best means at hand.</source>
        <translation>仅在首个回答没有把握时，用当前最合适的方式放大。</translation>
    </message>
    <message>
        <source>Zoom where this question looks more than a neutral one does.</source>
        <translation>放大此问题比中性问题更注视的位置。</translation>
    </message>
    <message>
        <source>Zoom where attention mattered for the first word of the answer.</source>
        <translation>放大对回答首词起作用的注意力所在位置。</translation>
    </message>
    <message>
        <source>Zoom where a change of pixels would change the answer most. Slower.</source>
        <translation>放大像素变化对回答影响最大的位置，较慢。</translation>
    </message>
    <message>
        <source>Zoom where the picture resembles the words, after asking whether it is there.</source>
        <translation>放大图像与词语最相似、且经询问确认存在目标的位置。</translation>
    </message>
    <message>
        <source>Zoom into the box that the model names.</source>
        <translation>放大模型自己指出的框。</translation>
    </message>
    <message>
        <source>Zoom into the numbered parts that the model chooses. For larger models.</source>
        <translation>放大模型所选编号的局部。适合较大的模型。</translation>
    </message>
    <message>
        <source>Ask of ever smaller parts whether it is there. For any model; slow.</source>
        <translation>逐级缩小区域询问目标是否存在。适用于任何模型；较慢。</translation>
    </message>
    <message>
        <source>Ask overlapping tiles at several scales and merge what they find. Slowest.</source>
        <translation>在多个尺度的重叠分块中逐一询问并合并结果。最慢。</translation>
    </message>
    <message>
        <source>Zoom into the rectangles you draw (key R).</source>
        <translation>放大您画的矩形(按 R)。</translation>
    </message>
    <message>
        <source>Ask once about the whole picture, no zoom.</source>
        <translation>只就整图提问一次，不放大。</translation>
    </message>
</context>
<context>
    <name>study</name>
    <message>
        <source>Accuracy by size of the target</source>
        <translation>按目标大小的准确率</translation>
    </message>
    <message>
        <source>Best way of looking for these pictures</source>
        <translation>这些图片的最佳查看方式</translation>
    </message>
    <message>
        <source>Attention in the true box, layer by layer</source>
        <translation>真实框内的注意力(逐层)</translation>
    </message>
    <message>
        <source>Right answers on the whole picture, by every strategy, and by controls of equal cost.</source>
        <translation>整图、每种策略以及同等开销对照的正确回答。</translation>
    </message>
    <message>
        <source>Tries every strategy with several counts of crops, gates and resolutions, and chooses.</source>
        <translation>以多种裁剪数量、门槛和分辨率尝试每种策略,并作出选择。</translation>
    </message>
    <message>
        <source>How much more the model looks into the true box than elsewhere, right and wrong answers apart. 1 is chance.</source>
        <translation>模型看真实框比看别处多多少,回答正确与错误分开统计。1 为随机水平。</translation>
    </message>
    <message>
        <source>whole picture</source>
        <translation>整图</translation>
    </message>
    <message>
        <source>true box enlarged</source>
        <translation>放大真实框</translation>
    </message>
    <message>
        <source>random box enlarged</source>
        <translation>放大随机框</translation>
    </message>
    <message>
        <source>larger picture, tokens of whole and crop</source>
        <translation>更大的整图(整图加裁剪的词元数)</translation>
    </message>
    <message>
        <source>larger picture, tokens of the costliest</source>
        <translation>更大的整图(最贵策略的词元数)</translation>
    </message>
    <message>
        <source>small</source>
        <translation>小</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>中</translation>
    </message>
    <message>
        <source>large</source>
        <translation>大</translation>
    </message>
    <message>
        <source>size unknown</source>
        <translation>大小未知</translation>
    </message>
    <message>
        <source>all sizes</source>
        <translation>所有大小</translation>
    </message>
    <message>
        <source>{value} crops</source>
        <translation>{value} 个裁剪</translation>
    </message>
    <message>
        <source>resolution x{value}</source>
        <translation>分辨率 ×{value}</translation>
    </message>
    <message>
        <source>gate {value}</source>
        <translation>门槛 {value}</translation>
    </message>
    <message>
        <source>scales {value}</source>
        <translation>尺度 {value}</translation>
    </message>
    <message>
        <source>your pictures</source>
        <translation>您的图片</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>plates</source>
        <translation>金属板</translation>
    </message>
    <message>
        <source>tissue</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>all pictures</source>
        <translation>全部图片</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} 分钟</translation>
    </message>
</context>
<context>
    <name>tower</name>
    <message>
        <source>The faster one</source>
        <translation>较快者</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>ONNX Runtime</source>
        <translation>ONNX Runtime</translation>
    </message>
    <message>
        <source>Vision tower: {onnx} ms a picture by ONNX Runtime ({provider}), {torch} ms by PyTorch; largest difference {difference}.</source>
        <translation>视觉塔：每张图片 ONNX Runtime（{provider}）{onnx} 毫秒，PyTorch {torch} 毫秒；最大差异 {difference}。</translation>
    </message>
    <message>
        <source>ONNX Runtime is the faster one and runs it.</source>
        <translation>ONNX Runtime 较快，由它运行。</translation>
    </message>
    <message>
        <source>PyTorch runs it: ONNX Runtime is not clearly faster here.</source>
        <translation>由 PyTorch 运行：ONNX Runtime 在此并未明显更快。</translation>
    </message>
    <message>
        <source>PyTorch runs it: the difference is too large.</source>
        <translation>由 PyTorch 运行：差异过大。</translation>
    </message>
    <message>
        <source>{runtime} runs it, as you chose.</source>
        <translation>按您的选择，由 {runtime} 运行。</translation>
    </message>
    <message>
        <source>This holds on the CPU in float32; elsewhere PyTorch runs it.</source>
        <translation>仅适用于 CPU 上的 float32；其他情况由 PyTorch 运行。</translation>
    </message>
</context>
<context>
    <name>trade</name>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Industry</source>
        <translation>工业</translation>
    </message>
    <message>
        <source>Medicine</source>
        <translation>医学</translation>
    </message>
</context>
<context>
    <name>trial</name>
    <message>
        <source>Experiment, not judged, attention {times} in the regions</source>
        <translation>实验，不参与判定，区域内注意力 {times}</translation>
    </message>
    <message>
        <source>Experiment, not judged, attention {times} by the map</source>
        <translation>实验，不参与判定，按注视图注意力 {times}</translation>
    </message>
    <message>
        <source>Experiment, not judged, mixed with {share} whole picture</source>
        <translation>实验，不参与判定，混合，全图占 {share}</translation>
    </message>
    <message>
        <source>(no words)</source>
        <translation>（无文字）</translation>
    </message>
</context>
<context>
    <name>veil</name>
    <message>
        <source>Picture {number}</source>
        <translation>图片 {number}</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Record {number}</source>
        <translation>记录 {number}</translation>
    </message>
</context>
<context>
    <name>verbs</name>
    <message>
        <source>draw</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>resize</source>
        <translation>调整大小</translation>
    </message>
    <message>
        <source>turn</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>own question</source>
        <translation>单独提问</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>拷贝</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>first reading</source>
        <translation>首次阅片</translation>
    </message>
    <message>
        <source>golden samples</source>
        <translation>标准样件</translation>
    </message>
</context>
<context>
    <name>verdict</name>
    <message>
        <source>the template picture could not be read</source>
        <translation>无法读取模板图片</translation>
    </message>
    <message>
        <source>a region of the part lies outside the picture</source>
        <translation>零件的某个区域位于图片之外</translation>
    </message>
    <message>
        <source>the text is as expected</source>
        <translation>文字与预期一致</translation>
    </message>
    <message>
        <source>the part was not inspected</source>
        <translation>零件未被检验</translation>
    </message>
    <message>
        <source>the text is not as expected</source>
        <translation>文字与预期不符</translation>
    </message>
    <message>
        <source>the answer leaves it open</source>
        <translation>回答含糊,未下结论</translation>
    </message>
    <message>
        <source>the answer holds several numbers</source>
        <translation>回答中有多个数值</translation>
    </message>
    <message>
        <source>the answer holds no number</source>
        <translation>回答中没有数值</translation>
    </message>
    <message>
        <source>the number can be read in two ways</source>
        <translation>该数值有两种读法</translation>
    </message>
    <message>
        <source>the unit is missing or not the one asked for</source>
        <translation>缺少单位,或单位不符</translation>
    </message>
    <message>
        <source>the number is below its limit</source>
        <translation>数值低于下限</translation>
    </message>
    <message>
        <source>the number is above its limit</source>
        <translation>数值高于上限</translation>
    </message>
    <message>
        <source>the number is within its limits</source>
        <translation>数值在限值之内</translation>
    </message>
    <message>
        <source>the code is on the list</source>
        <translation>编码在清单内</translation>
    </message>
    <message>
        <source>the code is not on the list</source>
        <translation>编码不在清单内</translation>
    </message>
    <message>
        <source>the answer is not one code</source>
        <translation>回答不是单个编码</translation>
    </message>
    <message>
        <source>the rules contradict each other</source>
        <translation>规则相互矛盾</translation>
    </message>
    <message>
        <source>the answer fits no pattern</source>
        <translation>回答不符合任何模式</translation>
    </message>
    <message>
        <source>the answer is as it should be</source>
        <translation>回答符合要求</translation>
    </message>
    <message>
        <source>the answer names nothing that the rule knows</source>
        <translation>回答中没有规则认识的内容</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation>用时过长</translation>
    </message>
    <message>
        <source>words in the picture may have commanded the model</source>
        <translation>图中的文字可能在指挥模型</translation>
    </message>
    <message>
        <source>writing in the picture may have steered the answer</source>
        <translation>图中的文字可能影响了回答</translation>
    </message>
    <message>
        <source>the writing in the picture could not be read</source>
        <translation>无法读出图中的文字</translation>
    </message>
    <message>
        <source>the answer is too long to be judged</source>
        <translation>回答过长,无法判定</translation>
    </message>
    <message>
        <source>no enlarged region backs the answer</source>
        <translation>没有放大区域佐证该回答</translation>
    </message>
    <message>
        <source>the part was not found as in the template</source>
        <translation>未能按模板找到该零件</translation>
    </message>
    <message>
        <source>the model did not choose among the numbered parts</source>
        <translation>模型没有在编号局部中作出选择</translation>
    </message>
    <message>
        <source>the part lies outside the allowed travel</source>
        <translation>零件超出允许的位移范围</translation>
    </message>
    <message>
        <source>the picture has another size than the template picture</source>
        <translation>图片与模板图片的尺寸不同</translation>
    </message>
    <message>
        <source>the rules were made for another question</source>
        <translation>规则是为另一个问题制定的</translation>
    </message>
    <message>
        <source>the model does not know the language of the question</source>
        <translation>模型不懂该问题的语言</translation>
    </message>
    <message>
        <source>a region with a rule of its own was not looked at</source>
        <translation>有自己规则的区域没有被查看</translation>
    </message>
    <message>
        <source>the picture is blurred</source>
        <translation>图片模糊</translation>
    </message>
    <message>
        <source>nothing in the picture is sharp enough to tell by</source>
        <translation>图中没有足够清晰的细节可供判断</translation>
    </message>
    <message>
        <source>the picture is over-exposed</source>
        <translation>图片过曝</translation>
    </message>
    <message>
        <source>the picture is too dark</source>
        <translation>图片过暗</translation>
    </message>
    <message>
        <source>the answer is in another language than the question</source>
        <translation>回答的语言与提问不同</translation>
    </message>
    <message>
        <source>a crop by itself shows what the answer denies</source>
        <translation>单独看某处局部时,结论与回答相反</translation>
    </message>
    <message>
        <source>only what is allowed was found</source>
        <translation>仅发现允许存在的内容</translation>
    </message>
    <message>
        <source>there is no answer</source>
        <translation>没有回答</translation>
    </message>
    <message>
        <source>the answer is neither yes nor no</source>
        <translation>回答既非“是”也非“否”</translation>
    </message>
    <message>
        <source>the whole picture and the zoomed view disagree</source>
        <translation>整图与放大后的回答不一致</translation>
    </message>
    <message>
        <source>the model does not tell how sure it is</source>
        <translation>模型未说明其确定程度</translation>
    </message>
    <message>
        <source>the model is in doubt</source>
        <translation>模型存疑</translation>
    </message>
    <message>
        <source>the picture is too small to judge</source>
        <translation>图片太小,无法判定</translation>
    </message>
    <message>
        <source>the program went wrong</source>
        <translation>程序出错</translation>
    </message>
    <message>
        <source>found</source>
        <translation>已发现</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>未发现</translation>
    </message>
    <message>
        <source>PASS</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>FAIL</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>CHECK</source>
        <translation>待复判</translation>
    </message>
</context>
</TS>
