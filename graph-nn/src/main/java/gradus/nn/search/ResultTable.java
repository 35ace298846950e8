package gradus.nn.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Formats the trials of a search as a table. */
final class ResultTable {
    private ResultTable() {}

    static String of(boolean maximize, List<Search.TrialResult> trials, Collection<String> names) {
        boolean hasBudget = trials.stream().anyMatch(t -> t.budget() > 0);
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("trial", maximize ? "score (max)" : "score (min)"));
        if (hasBudget) {
            head.add("budget");
        }
        head.addAll(names);
        rows.add(head);
        for (Search.TrialResult t : trials) {
            List<String> row =
                    new ArrayList<>(List.of(Integer.toString(t.number()), t.failed() ? "failed" : text(t.score())));
            if (hasBudget) {
                row.add(Integer.toString(t.budget()));
            }
            names.forEach(
                    n -> row.add(t.values().containsKey(n) ? text(t.values().get(n)) : "-"));
            rows.add(row);
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            for (int j = 0; j < row.size(); j++) {
                int column = j;
                int width = rows.stream()
                        .mapToInt(r -> r.get(column).length())
                        .max()
                        .orElse(0);
                out.append(j == 0 ? "" : "  ")
                        .append(" ".repeat(width - row.get(j).length()))
                        .append(row.get(j));
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String text(Object value) {
        if (!(value instanceof Double d)) {
            return value.toString();
        }
        return d == 0 ? "0" : String.format(Locale.ROOT, "%.5g", d);
    }
}
