package gradus.nn.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import gradus.nn.io.AtomicFile;
import gradus.nn.search.Search.TrialResult;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The file of a search, lines of JSON: its settings, then a trial in each line, in the order of number and budget. A score that is missing is
 * {@code null}. Numbers are written so that they are read back as the same ones.
 */
final class SearchFile {
    private static final String FORMAT = "gradus search 1";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Returns the value that a trial has to have. */
    interface Values {
        Object value(long seed, int number, String name, Space space);
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private SearchFile() {}

    // ---- writing

    /** Replaces the file as a whole. */
    static void write(
            Path file, Map<String, String> settings, Collection<TrialResult> trials, Map<String, Space> spaces)
            throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(line(json -> {
            json.writeStringField("format", FORMAT);
            for (Map.Entry<String, String> e : settings.entrySet()) {
                json.writeStringField(e.getKey(), e.getValue());
            }
        }));
        for (TrialResult t : trials) {
            text.append(line(json -> {
                json.writeNumberField("trial", t.number());
                if (t.budget() > 0) {
                    json.writeNumberField("budget", t.budget());
                }
                json.writeFieldName("score");
                writeValue(json, t.failed() ? null : t.score());
                json.writeArrayFieldStart("parameters");
                for (Map.Entry<String, Object> e : t.values().entrySet()) {
                    writeParameter(json, e.getKey(), e.getValue(), spaces.get(e.getKey()));
                }
                json.writeEndArray();
            }));
        }
        try {
            AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException("search: " + e.getMessage(), e);
        }
    }

    private static String line(Fields fields) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        return out + "\n";
    }

    private static void writeParameter(JsonGenerator json, String name, Object value, Space space) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeFieldName("value");
        writeValue(json, value);
        json.writeStringField("kind", space.kind().method);
        if (space.isRange()) {
            json.writeNumberField("low", space.low());
            json.writeNumberField("high", space.high());
        } else {
            json.writeArrayFieldStart("choices");
            for (Object c : space.choices()) {
                writeValue(json, c);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Integer i) {
            json.writeNumber(i);
        } else if (value instanceof Double d) {
            json.writeNumber(d);
        } else if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value.toString());
        }
    }

    // ---- reading

    /**
     * Reads the trials, and checks that each parameter has the value that it has in this search.
     *
     * @param spaces takes in name and space of each parameter
     * @throws IOException if the file is damaged, or is of another search; it names the line, or what differs
     */
    static List<TrialResult> read(
            Path file, Map<String, String> settings, BiConsumer<String, Space> spaces, Values values)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("search: " + file + " is not a regular file");
        }
        String[] lines = text(file).split("\n", -1);
        List<TrialResult> trials = new ArrayList<>();
        Set<SearchRun.Key> seen = new HashSet<>();
        for (int i = 0; i < lines.length - 1 || (i == 0 && lines.length == 1); i++) {
            Map<?, ?> fields;
            try {
                fields = object(lines[i]);
                if (i > 0) {
                    TrialResult t = trial(fields, Long.parseLong(settings.get("seed")), spaces, values);
                    if (!seen.add(new SearchRun.Key(t.number(), t.budget()))) {
                        throw new IllegalArgumentException("trial " + t.number() + " is there twice");
                    }
                    trials.add(t);
                }
            } catch (IOException | RuntimeException e) {
                throw new IOException(
                        "search: " + file + ", line " + (i + 1) + ": "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                        e);
            }
            if (i == 0) {
                requireSame(file, fields, settings);
            }
        }
        if (!lines[lines.length - 1].isEmpty()) {
            throw new IOException("search: " + file + ": its last line is incomplete");
        }
        return trials;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException("search: " + file + " is not the file of a search: it is not UTF-8", e);
        } catch (IOException e) {
            throw new IOException("search: " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireSame(Path file, Map<?, ?> fields, Map<String, String> settings) throws IOException {
        if (!FORMAT.equals(fields.get("format"))) {
            throw new IOException("search: " + file + " is not the file of a search: its format is "
                    + fields.get("format") + ", not " + FORMAT);
        }
        Set<Object> names = new TreeSet<>(settings.keySet());
        names.addAll(fields.keySet());
        names.remove("format");
        List<String> different = new ArrayList<>();
        for (Object name : names) {
            Object was = fields.get(name);
            Object now = settings.get(name);
            if (was == null || !was.equals(now)) {
                different.add(name + " was " + (was == null ? "not set" : was) + " and is "
                        + (now == null ? "not set" : now));
            }
        }
        if (!different.isEmpty()) {
            throw new IOException("search: " + file + " is of another search: " + String.join("; ", different));
        }
    }

    private static TrialResult trial(
            Map<?, ?> fields, long searchSeed, BiConsumer<String, Space> spaces, Values values) {
        int number = whole(fields, "trial");
        int budget = fields.containsKey("budget") ? whole(fields, "budget") : 0;
        long seed = Trial.seed(searchSeed, number);
        Object score = fields.get("score");
        if (!fields.containsKey("score")
                || (score != null && !(score instanceof Number n && Double.isFinite(n.doubleValue())))) {
            throw new IllegalArgumentException("the score is no number");
        }
        Map<String, Object> drawn = new LinkedHashMap<>();
        for (Object o : list(fields, "parameters")) {
            Map<?, ?> p = o instanceof Map<?, ?> m ? m : Map.of();
            if (!(p.get("name") instanceof String name)) {
                throw new IllegalArgumentException("a parameter has no name");
            }
            Space space = space(p);
            spaces.accept(name, space);
            Object expected = values.value(seed, number, name, space);
            if (!expected.equals(p.get("value"))) {
                throw new IllegalArgumentException("\"" + name + "\" is " + p.get("value") + ", but trial " + number
                        + " of this search has " + expected);
            }
            drawn.put(name, expected);
        }
        return new TrialResult(
                number, seed, budget, score == null ? Double.NaN : ((Number) score).doubleValue(), drawn);
    }

    private static Space space(Map<?, ?> parameter) {
        if (!(parameter.get("kind") instanceof String method)) {
            throw new IllegalArgumentException("\"" + parameter.get("name") + "\" has no kind");
        }
        Space.Kind kind = Space.Kind.of(method);
        if (kind == Space.Kind.CHOICE) {
            return Space.choice(list(parameter, "choices"));
        }
        if (!(parameter.get("low") instanceof Number low) || !(parameter.get("high") instanceof Number high)) {
            throw new IllegalArgumentException("\"" + parameter.get("name") + "\" has no range");
        }
        return Space.range(kind, low.doubleValue(), high.doubleValue());
    }

    private static int whole(Map<?, ?> fields, String name) {
        if (!(fields.get(name) instanceof Integer i) || i < 1) {
            throw new IllegalArgumentException(name + " is " + fields.get(name) + ", not a whole number from 1 up");
        }
        return i;
    }

    private static List<?> list(Map<?, ?> fields, String name) {
        if (!(fields.get(name) instanceof List<?> l)) {
            throw new IllegalArgumentException("there are no " + name);
        }
        return l;
    }

    private static Map<?, ?> object(String line) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            Object value = value(json);
            if (!(value instanceof Map<?, ?> m) || json.nextToken() != null) {
                throw new IOException("it is not one JSON object");
            }
            return m;
        }
    }

    private static Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> fields = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, value(json));
            }
            return fields;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(json));
            }
            return elements;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return json.getIntValue();
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return json.getDoubleValue();
        }
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        throw new IOException("it is not one JSON object");
    }
}
