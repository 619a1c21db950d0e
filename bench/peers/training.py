"""Keras's model.fit on the network, weights and windows of SPEC.json; prints the seconds and losses of its epochs as JSON."""
import json
import os
import resource
import sys
import time

spec = json.load(open(sys.argv[1]))
if spec['threads'] == 1:
    os.sched_setaffinity(0, {0})  # before TensorFlow counts the cores

import keras  # noqa: E402
import numpy as np  # noqa: E402


def network():
    layers = [keras.Input(tuple(spec['layers'][0]['config']['batch_input_shape'][1:]))]
    for layer in spec['layers'][1:]:
        config = {k: v for k, v in layer['config'].items() if k not in ('dtype', 'trainable')}
        layers.append(getattr(keras.layers, layer['class_name'])(**config))
    return keras.Sequential(layers)


def array(name, *shape):
    return np.fromfile(spec['files'][name], np.float32).reshape(shape)


shape = spec['shape']
x = array('inputs', spec['windows'], shape['inputSteps'], shape['inputFeatures'])
y = array('outputs', spec['windows'], shape['outputSteps'], shape['outputFeatures'])

model = network()
flat, used, weights = array('weights', -1), 0, []
for size in spec['weights']:
    count = int(np.prod(size))
    weights.append(flat[used : used + count].reshape(size))
    used += count
model.set_weights(weights)
model.compile(optimizer=keras.optimizers.Adam(0.001, epsilon=1e-7), loss='mse', jit_compile=False)

epochs = []


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        epochs.append(time.perf_counter() - self.start)


held_out = None
if spec.get('validation'):
    held_out = (
        array('validationInputs', spec['validation'], shape['inputSteps'], shape['inputFeatures']),
        array('validationOutputs', spec['validation'], shape['outputSteps'], shape['outputFeatures']),
    )
history = model.fit(
    x, y, epochs=spec['epochs'], batch_size=32, shuffle=False, verbose=0, validation_data=held_out, validation_batch_size=256, callbacks=[Clock()]
)
if spec['keepWeights']:
    np.concatenate([w.ravel() for w in model.get_weights()]).astype(np.float32).tofile(spec['files']['keras'])
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({'epochs': epochs, 'losses': history.history['loss'], 'peakRssMb': rss}))
