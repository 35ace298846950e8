package gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file of results, from which the page is generated: the nanoseconds of every round of every contender, and facts about
 * the run in lines that begin with #. A new measurement replaces all lines of its workload, so that all lines of a workload
 * come from the same rounds.
 */
final class ResultsFile {
    private final Path file;
    private final Map<String, String> facts = new TreeMap<>();
    private final List<Measurement> measured = new ArrayList<>();

    ResultsFile(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("# ")) {
                    String[] f = line.substring(2).split("\t", 2);
                    facts.put(f[0], f[1]);
                } else {
                    measured.add(Measurement.of(line));
                }
            }
        }
    }

    List<Measurement> measured() {
        return List.copyOf(measured);
    }

    Map<String, String> facts() {
        return facts;
    }

    /** Removes all facts and results. */
    void clear() {
        facts.clear();
        measured.clear();
    }

    /** Replaces the results of the same workloads by new ones, and writes the file. */
    void replace(List<Measurement> results) throws IOException {
        Set<String> workloads = results.stream().map(Measurement::workload).collect(Collectors.toSet());
        measured.removeIf(m -> workloads.contains(m.workload()));
        measured.addAll(results);
        List<String> lines = new ArrayList<>();
        facts.forEach((name, value) -> lines.add("# " + name + "\t" + value));
        measured.forEach(m -> lines.add(m.line()));
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
