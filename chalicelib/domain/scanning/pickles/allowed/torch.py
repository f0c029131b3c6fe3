"""What is allowed of PyTorch: what tensors are rebuilt with, the types they remember, and plain layers."""

from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use, entries, paths

_TYPES: Final = (
    "bfloat16 bool complex128 complex32 complex64 float16 float32 float64 float8_e4m3fn float8_e4m3fnuz float8_e5m2 "
    "float8_e5m2fnuz float8_e8m0fnu int16 int32 int64 int8 qint32 qint8 quint8 uint16 uint32 uint64 uint8"
)
# How many bytes an element of each storage has.
STORAGES: Final = {
    "torch.BFloat16Storage": 2,
    "torch.BoolStorage": 1,
    "torch.ByteStorage": 1,
    "torch.CharStorage": 1,
    "torch.ComplexDoubleStorage": 16,
    "torch.ComplexFloatStorage": 8,
    "torch.DoubleStorage": 8,
    "torch.FloatStorage": 4,
    "torch.HalfStorage": 2,
    "torch.IntStorage": 4,
    "torch.LongStorage": 8,
    "torch.QInt32Storage": 4,
    "torch.QInt8Storage": 1,
    "torch.QUInt8Storage": 1,
    "torch.ShortStorage": 2,
    "torch.UntypedStorage": 1,
    "torch.storage.UntypedStorage": 1,
}
_TENSORS: Final = (
    "_rebuild_parameter _rebuild_qtensor _rebuild_sparse_csr_tensor _rebuild_sparse_tensor _rebuild_tensor "
    "_rebuild_tensor_v2"
)
# The functions whose state is nothing but attributes, by module. Instances are created without __init__.
_LAYERS: Final = {
    "activation": (
        "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish "
        "MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink "
        "Softsign Tanh Tanhshrink Threshold"
    ),
    "adaptive": "AdaptiveLogSoftmaxWithLoss",
    "batchnorm": "BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm",
    "channelshuffle": "ChannelShuffle",
    "container": "ModuleDict ModuleList ParameterDict ParameterList Sequential",
    "conv": "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d",
    "distance": "CosineSimilarity PairwiseDistance",
    "dropout": "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout",
    "flatten": "Flatten Unflatten",
    "fold": "Fold Unfold",
    "instancenorm": "InstanceNorm1d InstanceNorm2d InstanceNorm3d",
    "linear": "Bilinear Identity Linear NonDynamicallyQuantizableLinear",
    "loss": (
        "BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss "
        "HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss "
        "MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss "
        "TripletMarginLoss TripletMarginWithDistanceLoss"
    ),
    "normalization": "CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm",
    "padding": (
        "CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d "
        "ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d "
        "ZeroPad3d"
    ),
    "pixelshuffle": "PixelShuffle PixelUnshuffle",
    "pooling": (
        "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d "
        "AvgPool1d AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d LPPool3d MaxPool1d "
        "MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d"
    ),
    "rnn": "GRU GRUCell LSTM LSTMCell RNN RNNCell",
    "sparse": "Embedding EmbeddingBag",
    "transformer": "Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer",
    "upsampling": "Upsample UpsamplingBilinear2d UpsamplingNearest2d",
}
# Functions that layers remember, by module. They calculate, and loading never calls them.
_FUNCTIONS: Final = {
    "torch": "relu selu sigmoid tanh",
    "torch._C._nn": "elu gelu hardsigmoid hardswish leaky_relu log_sigmoid mish relu6 silu softplus",
    "torch.nn.functional": (
        "celu elu gelu glu hardsigmoid hardswish hardtanh leaky_relu log_softmax logsigmoid mish relu relu6 selu "
        "sigmoid silu softmax softplus softsign tanh"
    ),
}

ALLOWED: Final[dict[tuple[str, str], Entry]] = {
    **entries("torch", _TYPES, Use.NAMED),
    **entries("torch", "per_channel_affine per_tensor_affine sparse_coo sparse_csr strided", Use.NAMED),
    **entries("torch", " ".join(path.removeprefix("torch.") for path in STORAGES if path.count(".") == 1), Use.NAMED),
    **entries("torch.storage", "UntypedStorage", Use.NAMED),
    **entries("torch", "Size", Use.CALLED),
    **entries("torch", "device", Use.CALLED),
    **entries("torch.serialization", "_get_layout", Use.CALLED),
    # How TorchScript marks the types of its lists. Its own unpickler knows them as words.
    **entries("torch.jit._pickle", "build_boollist build_doublelist build_intlist build_tensorlist", Use.CALLED),
    **entries("torch.jit._pickle", "build_tensor_from_id restore_type_tag", Use.CALLED),
    **entries("torch._utils", _TENSORS, Use.CALLED),
    **entries("torch._utils", "_rebuild_device_tensor_from_numpy", Use.CALLED, paths("torch", _TYPES)),
    # Their types are no storages of their own, so they are named beside the storage.
    **entries("torch._utils", "_rebuild_meta_tensor_no_storage _rebuild_tensor_v3", Use.CALLED, paths("torch", _TYPES)),
    **entries("torch.nn.parallel.data_parallel", "DataParallel", Use.CREATED),
}
for _module, _names in _LAYERS.items():
    ALLOWED.update(entries(f"torch.nn.modules.{_module}", _names, Use.CREATED))
ALLOWED.update(
    entries("torch.nn.modules.linear_cross_entropy_options", "LinearCrossEntropyOptions", Use.CREATED | Use.LISTED)
)
for _module, _names in _FUNCTIONS.items():
    ALLOWED.update(entries(_module, _names, Use.NAMED))
