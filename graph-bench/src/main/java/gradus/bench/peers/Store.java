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
 * The file of results that the page is made from: every round of every contender, in nanoseconds, and facts about the
 * run in lines that begin with #. What is measured again replaces all lines of its workload, so that a line is only ever
 * compared with those of the same rounds.
 */
final class Store {
    private final Path file;
    private final Map<String, String> facts = new TreeMap<>();
    private final List<Measured> measured = new ArrayList<>();

    Store(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("# ")) {
                    String[] f = line.substring(2).split("\t", 2);
                    facts.put(f[0], f[1]);
                } else {
                    measured.add(Measured.of(line));
                }
            }
        }
    }

    List<Measured> measured() {
        return List.copyOf(measured);
    }

    Map<String, String> facts() {
        return facts;
    }

    /** Forgets everything, before all is measured anew. */
    void clear() {
        facts.clear();
        measured.clear();
    }

    /** Puts new results in the place of those of the same workloads, and writes the file. */
    void replace(List<Measured> results) throws IOException {
        Set<String> workloads = results.stream().map(Measured::workload).collect(Collectors.toSet());
        measured.removeIf(m -> workloads.contains(m.workload()));
        measured.addAll(results);
        List<String> lines = new ArrayList<>();
        facts.forEach((name, value) -> lines.add("# " + name + "\t" + value));
        measured.forEach(m -> lines.add(m.line()));
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
