/** Training loops, and what they report. */
package gradus.nn.train;
