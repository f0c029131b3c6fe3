"""Serving a model over HTTP: MLflow's scoring protocol, the Open Inference Protocol, SageMaker's container contract.

It stands on the standard library and on ``moorage.frameworks``, because ``moorage package`` copies it into images.
"""
