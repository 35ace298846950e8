/** The program that the jar runs: a network learns to read digits. */
package gradus.nn.demo;
