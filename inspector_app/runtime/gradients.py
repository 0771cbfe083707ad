"""What the first answer word hangs on."""

import torch
from torch import Tensor

from inspector_app.domain.errors import ModelTrouble
from inspector_app.runtime.cache import PromptCache
from inspector_app.runtime.network import Network, Prompt
from inspector_app.runtime.probe import Probe


def certainty(scores: Tensor) -> tuple[Tensor, Tensor]:
    """The target of a gradient: log p* of the most likely token, and a substitute.

    log p* is written as -log(1 + sum of e^(z_j - z*)), which loses nothing when p* is close
    to 1, where log-softmax subtracts two equal numbers.

    Args:
        scores: (vocabulary,) float32 logits.

    Returns:
        log p*, and the margin of the best score over the second, for where p* is so close
        to 1 that even this gradient vanishes.
    """
    best, second = scores.detach().topk(2)[1].tolist()
    others = torch.ones_like(scores, dtype=torch.bool)
    others[best] = False
    return -torch.log1p((scores - scores[best])[others].exp().sum()), scores[best] - scores[second]


def slope(scores: Tensor, source: Tensor) -> Tensor:
    """Gradient of log p* in float32; of the margin where log p* has no slope left.

    The target is stretched to slope 1 for the way back through half-precision weights and
    shrunk after it, so that small gradients do not vanish on the way.

    Raises:
        ModelTrouble: neither target has a finite gradient.
    """
    target, margin = certainty(scores)
    with torch.no_grad():
        stretch = (1.0 / (-torch.expm1(target)).clamp_min(1e-30)).clamp_max(1e30)
    (gradient,) = torch.autograd.grad(target * stretch, source, retain_graph=True)
    gradient = gradient.float() / stretch
    if gradient.isfinite().all() and gradient.any():
        return gradient
    (gradient,) = torch.autograd.grad(margin, source)
    if not gradient.isfinite().all():
        raise ModelTrouble(
            "The model's gradients are not finite numbers.",
            hint="Choose the precision float32 or bfloat16, or relative attention.",
        )
    return gradient.float()


def weighted_row(network: Network, prompt: Prompt, *, cache: PromptCache, layer: int) -> Tensor:
    """One layer's last-row attention times its rectified gradient, from a single token.

    All but the last prompt token come from the cache, or go into it now. Only the last
    token then runs with a graph, which begins at the attention weights of `layer`: exact,
    because no earlier token can see it. Source: arXiv:2502.17422, section 4.2.

    Returns:
        (heads, keys) float32, A * ReLU(d log p* / d A).
    """
    with torch.no_grad():
        before = Prompt(prompt.ids[:-1], prompt.pictures, prompt.starts)
        if cache.shared_with(prompt.marks(), depth=network.depth) < len(before.ids):
            network.forward(before, cache=cache, probe=Probe(leave_at=network.depth - 1))
    probe = Probe(leaf=layer)
    with torch.enable_grad():
        hidden = network.forward(prompt, cache=cache, probe=probe)
        if hidden is None or probe.weights is None:
            raise RuntimeError(f"layer {layer} did not run")
        gradient = slope(network.scores(hidden[-1]), probe.weights)
    return (probe.weights.detach() * gradient.relu()).flatten(0, 1)


def pixel_slope(network: Network, prompt: Prompt, *, pixels: Tensor) -> Tensor:
    """(h, w) float32: length over RGB of d log p* / d pixel, through the whole network.

    Args:
        network: Reads the prompt from its first token, without the cache.
        prompt: All of it, the wanted picture with its graph.
        pixels: (1, 3, h, w) network input that the graph begins at.
    """
    size: Tensor = input_slope(network, prompt, source=pixels)[0].norm(dim=0)
    return size


def input_slope(network: Network, prompt: Prompt, *, source: Tensor) -> Tensor:
    """Gradient of log p* in float32, with respect to what a picture's features are made of.

    Args:
        network: Reads the prompt from its first token, without the cache.
        prompt: All of it, the wanted picture with its graph.
        source: Any tensor of that graph.
    """
    with torch.enable_grad():
        inputs = network.inputs(prompt)
        network.count(language=1, prefilled=len(prompt.ids))
        hidden = network.language(**inputs.call(), use_cache=False).last_hidden_state
        return slope(network.scores(hidden[0, -1]), source)
