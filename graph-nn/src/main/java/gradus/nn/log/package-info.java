/** Callbacks that show and record the progress of a training: in the terminal, as CSV, for TensorBoard, as pictures. */
package gradus.nn.log;
