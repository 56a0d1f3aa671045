"""The monitor as a callback of Lightning, Transformers and Keras.

A callback embeds a fixed probe set before training and after every epoch, hands it to a
:class:`~fastshesha.monitor.TrainingMonitor`, and gives the numbers to its framework, so that the
framework's own loggers and early stopping see them. Each stands in a module of its own, which
alone imports the framework:

- :class:`fastshesha.monitor.callbacks.lightning.LightningMonitor`
- :class:`fastshesha.monitor.callbacks.transformers.TransformersMonitor`
- :class:`fastshesha.monitor.callbacks.keras.KerasMonitor`

``lightning``, ``transformers`` and ``keras`` say when to look; ``watch`` looks; ``torch_reader``
and ``keras_reader`` know how a model is run; ``ranks`` shares what one process found.
"""
