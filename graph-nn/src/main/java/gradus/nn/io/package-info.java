/** Files of tensors and models: safetensors, npy and npz; start at {@link gradus.nn.io.ModelFile}. */
package gradus.nn.io;
