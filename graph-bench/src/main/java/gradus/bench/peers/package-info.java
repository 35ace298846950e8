/**
 * The comparison of Gradus with its peers: each library runs the same workloads, in rounds, and the page of benchmarks has
 * the ratios of times. Start at {@link gradus.bench.peers.Workload}, what is measured, and {@link gradus.bench.peers.Compare}.
 */
package gradus.bench.peers;
