/**
 * Files of tensors and models: safetensors, npy and npz, ONNX; start at {@link gradus.nn.io.ModelFile}.
 *
 * <p>The few messages of ONNX are written by hand, in the wire format of protocol buffers: three kinds of fields, where a library would bring two
 * megabytes and generated classes.
 */
package gradus.nn.io;
