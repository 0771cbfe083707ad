"""Where a network computes, and how precisely."""

import platform
from dataclasses import dataclass

import torch

from inspector_app.domain.errors import ModelTrouble, WrongUse

_PRECISIONS = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
DEVICES = ("auto", "cpu", "cuda")
EIGHT_BITS = "int8"
PRECISIONS = ("auto", *_PRECISIONS, EIGHT_BITS)


@dataclass(frozen=True, slots=True)
class Placement:
    """A device and a precision that were found to exist.

    Attributes:
        device: Where weights and cache lie.
        dtype: Of weights and activations; scores and probabilities are float32 whatever it is.
        eight_bit: The language model's weights are rounded to eight bits once they are read.
    """

    device: torch.device
    dtype: torch.dtype
    eight_bit: bool = False

    @property
    def device_name(self) -> str:
        """For people, such as "cpu" or "cuda:0 (NVIDIA H200)"."""
        if self.device.type != "cuda":
            return str(self.device)
        return f"{self.device} ({torch.cuda.get_device_name(self.device)})"

    @property
    def dtype_name(self) -> str:
        """One of "float32", "bfloat16", "float16", "int8"."""
        if self.eight_bit:
            return EIGHT_BITS
        return str(self.dtype).removeprefix("torch.")


def choose(device: str, precision: str) -> Placement:
    """Find what the user asked for.

    "auto" takes a CUDA device where there is one. Its precision is then bfloat16 where the
    device computes in it (float16 else); on a CPU it is float32, since without matrix
    units for it bfloat16 is slower there, and it always blurs small differences.

    Args:
        device: "auto", "cpu", "cuda" or "cuda:N".
        precision: "auto", "float32", "bfloat16", "float16" or "int8".

    Raises:
        WrongUse: there is no such word.
        ModelTrouble: there is no such device in this computer.
    """
    if device.partition(":")[0] not in DEVICES:
        raise WrongUse(
            f'There is no device "{device}".', hint=f"Choose from: {', '.join(DEVICES)}."
        )
    if precision not in PRECISIONS:
        raise WrongUse(
            f'There is no precision "{precision}".', hint=f"Choose from: {', '.join(PRECISIONS)}."
        )
    place = _find(device)
    if precision in _PRECISIONS:
        return Placement(place, _PRECISIONS[precision])
    if place.type == "cpu":
        # Beside eight bits there is no use in activations of 32.
        eight = precision == EIGHT_BITS
        return Placement(place, torch.bfloat16 if eight else torch.float32, eight)
    fine = torch.cuda.is_bf16_supported(including_emulation=False)
    narrow = torch.bfloat16 if fine else torch.float16
    return Placement(place, narrow, precision == EIGHT_BITS)


def _find(device: str) -> torch.device:
    """The device by its name; "auto" is the first CUDA device or the CPU."""
    count = torch.cuda.device_count()
    if device == "auto":
        return torch.device("cuda", 0) if count else torch.device("cpu")
    if device == "cpu":
        return torch.device("cpu")
    number = device.partition(":")[2] or "0"
    if not number.isdigit() or int(number) >= count:
        raise ModelTrouble(
            f'The device "{device}" was asked for, but {count or "no"} CUDA devices were found.',
            hint="Choose the device auto or cpu, or install a driver that this torch can use.",
        )
    return torch.device("cuda", int(number))


def machine() -> str:
    """One line about this computer, for printing beside measurements."""
    parts = [
        _processor(),
        f"{torch.get_num_threads()} threads",
        f"torch {torch.__version__}",
        f"Python {platform.python_version()}",
        platform.system(),
    ]
    if torch.cuda.device_count():
        parts.insert(0, torch.cuda.get_device_name(0))
    return ", ".join(parts)


def _processor() -> str:
    """Name of the processor as the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  a stream, no file
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
