/** JMH benchmarks, each against a peer measured in the same run. Run by hand; never shipped. */
package gradus.bench;
