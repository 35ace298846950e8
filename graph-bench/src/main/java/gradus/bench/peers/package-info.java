/** Gradus side by side with its peers: the same work in the same minutes, as ratios. Start at {@link gradus.bench.peers.Compare}. */
package gradus.bench.peers;
