/** Safetensors files, and models saved in them; start at {@link gradus.nn.io.ModelFile}. */
package gradus.nn.io;
