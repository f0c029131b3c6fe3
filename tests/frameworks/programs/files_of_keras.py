"""Writes models of Keras into the working directory: in its archive, in HDF5, as weights and as configuration."""

import os
import warnings
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

warnings.simplefilter("ignore")
chance = np.random.default_rng(0)
numbers, images = chance.random((16, 4)), chance.random((16, 8, 8, 3))
sequences = chance.integers(0, 9, (16, 5))


def dense() -> keras.Model:
    """Trained, so that its optimizer and its metrics have a state."""
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(8, activation="relu", kernel_regularizer=keras.regularizers.L1L2(0.1), use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Dropout(0.1),
            layers.Dense(1, activation="sigmoid", kernel_constraint=keras.constraints.MaxNorm(2)),
        ]
    )
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    model.compile(
        keras.optimizers.AdamW(rate), keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.AUC(), "accuracy"]
    )
    model.fit(numbers, np.arange(16) % 2, epochs=1, verbose=0)
    return model


def convolutions() -> keras.Model:
    """With layers that prepare images, and ways around others."""
    inputs = layers.Input((8, 8, 3))
    hidden = layers.RandomFlip("horizontal")(layers.Rescaling(1 / 255)(inputs))
    hidden = layers.Conv2D(4, 3, padding="same", kernel_initializer=keras.initializers.HeNormal())(hidden)
    hidden = layers.Activation(keras.activations.gelu)(layers.GroupNormalization(2)(hidden))
    hidden = layers.Add()([hidden, layers.SeparableConv2D(4, 3, padding="same")(hidden)])
    hidden = layers.GlobalAveragePooling2D()(layers.MaxPooling2D()(hidden))
    return keras.Model(inputs, layers.Dense(2, dtype="float32")(hidden), name="convolutions")


def attention() -> keras.Model:
    """With recurrent layers, attention, and operations that are no layers."""
    inputs = layers.Input((5,), dtype="int32")
    hidden = layers.Embedding(9, 8, mask_zero=True)(inputs)
    hidden = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(hidden)
    hidden = hidden + layers.MultiHeadAttention(2, 4)(hidden, hidden)
    hidden = layers.LayerNormalization()(keras.ops.concatenate([hidden, keras.ops.relu(hidden)], axis=-1))
    hidden = layers.TimeDistributed(layers.Dense(4))(hidden)
    hidden = keras.ops.einsum("bij,bkj->bik", hidden, hidden) / 2
    hidden = keras.ops.mean(keras.ops.where(hidden > 0, hidden, keras.ops.square(hidden)), axis=1)
    return keras.Model(inputs, keras.ops.softmax(hidden[:, 1:]))


def prepared() -> keras.Model:
    """With layers that prepare numbers."""
    normalized, binned = layers.Normalization(), layers.Discretization([0.3, 0.6], output_mode="one_hot")
    normalized.adapt(numbers)
    inputs, kinds = layers.Input((4,)), layers.Input((1,), dtype="int32")
    coded = layers.CategoryEncoding(3, output_mode="multi_hot")(kinds)
    joined = layers.Concatenate()([normalized(inputs), binned(inputs[:, :1]), coded])
    return keras.Model([inputs, kinds], layers.Dense(1)(joined))


@keras.saving.register_keras_serializable("harbour")
class Scale(layers.Layer):
    """A layer of one's own, which whoever loads the model must have."""

    def call(self, inputs):
        return inputs * 2


@keras.saving.register_keras_serializable("harbour")
class Tower(keras.Model):
    """A model of one's own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.inner = layers.Dense(2)

    def call(self, inputs):
        return self.inner(inputs)


models = {"dense": dense(), "convolutions": convolutions(), "attention": attention(), "prepared": prepared()}
models["nested"] = keras.Sequential([layers.Input((8, 8, 3)), models["convolutions"], layers.Dense(1)])
for name, model in models.items():
    model.save(f"{name}.keras")
    Path(f"{name}.json").write_text(model.to_json())
models["dense"].save_weights("dense.weights.h5")
models["dense"].save("dense.h5")
models["convolutions"].save("convolutions.h5")
models["convolutions"].save_weights("shards.weights.json", max_shard_size=0.001)
keras.Sequential([layers.Input((4,)), Scale()]).save("registered_layer.keras")
tower = Tower()
tower(numbers)
tower.save("registered_model.keras")
