/** The program that the runnable jar starts: trains a network to classify digits. */
package gradus.nn.demo;
