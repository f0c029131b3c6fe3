"""Serving a model over HTTP: MLflow's scoring protocol, the Open Inference Protocol, SageMaker's container contract.

Only ``following`` and ``start`` need the rest of the client. The other modules stand on the standard library and on
``moorage.frameworks``, because ``moorage package`` copies them into the context of an image.
"""
