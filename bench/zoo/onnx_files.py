"""ONNX by torch's exporter, and onnxruntime's 8-bit quantisation."""

import contextlib
import copy
import io
import logging
import warnings

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic


class Logits(torch.nn.Module):
    """A language model as a graph of one input and one output."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids):
        return self.model(input_ids=ids, use_cache=False).logits


class Hidden(Logits):
    def forward(self, ids):
        return self.model(input_ids=ids).last_hidden_state


def export(model, example, path):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent), torch.no_grad():
        torch.onnx.export(copy.deepcopy(model).eval(), (example,), str(path), dynamo=True, external_data=False)


def quantise(source, path, per_channel=False):
    """onnxruntime's dynamic quantisation: int8, or uint8 with a scale for each channel."""
    kind = QuantType.QUInt8 if per_channel else QuantType.QInt8
    quantize_dynamic(str(source), str(path), weight_type=kind, per_channel=per_channel)
