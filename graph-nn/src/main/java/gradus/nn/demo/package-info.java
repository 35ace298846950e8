/** The demo program in the runnable jar, which trains a network to classify digits; start at {@link gradus.nn.demo.DigitsDemo}. */
package gradus.nn.demo;
