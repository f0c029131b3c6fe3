"""Writes models of Keras into the working directory, in every format that it has."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras

model = keras.Sequential(
    [
        keras.layers.Input((4,)),
        keras.layers.Dense(3, activation="relu", kernel_regularizer="l2"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
model.save("sequential.keras")
model.save("model.h5")
model.save_weights("model.weights.h5")
inputs = keras.layers.Input((4,))
hidden = keras.layers.Dense(3)(inputs)
outputs = keras.ops.mean(keras.layers.Add()([hidden, keras.ops.relu(hidden)]) * 2, axis=1)
keras.Model(inputs, outputs).save("functional.keras")
