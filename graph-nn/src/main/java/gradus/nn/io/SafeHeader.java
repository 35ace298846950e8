package gradus.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import gradus.array.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, checked: its tensors match the bytes that follow exactly. */
record SafeHeader(List<Entry> entries, Map<String, String> metadata) {
    private static final int MOST_NUMBERS = 64;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** A tensor's place: from begin (included) to end (excluded), in bytes after the header. */
    record Entry(String name, StoredType type, Shape shape, long begin, long end) {}

    static SafeHeader parse(byte[] json, long buffer, Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try (JsonParser p = JSON.createParser(utf8(json))) {
            expect(p.nextToken(), JsonToken.START_OBJECT, "an object", file);
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String name = p.currentName();
                expect(p.nextToken(), JsonToken.START_OBJECT, "an object for " + name, file);
                if (name.equals("__metadata__")) {
                    while (p.nextToken() == JsonToken.FIELD_NAME) {
                        String key = p.currentName();
                        expect(p.nextToken(), JsonToken.VALUE_STRING, "a string for " + key, file);
                        metadata.put(key, p.getText());
                    }
                } else {
                    entries.add(entry(name, p, file));
                }
            }
            if (p.nextToken() != null) {
                throw new IOException(file + ": there are characters after the JSON of the header");
            }
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": the header is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": the header is not valid JSON: " + e.getOriginalMessage(), e);
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        requireNoGap(entries, buffer, file);
        return new SafeHeader(entries, metadata);
    }

    /** Returns the characters of UTF-8; a parser of bytes would take UTF-16 and UTF-32, too. */
    private static Reader utf8(byte[] json) {
        return new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder());
    }

    private static Entry entry(String name, JsonParser p, Path file) throws IOException {
        String type = null;
        List<Long> dims = null;
        List<Long> offsets = null;
        while (p.nextToken() == JsonToken.FIELD_NAME) {
            String key = p.currentName();
            JsonToken value = p.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(value, JsonToken.VALUE_STRING, "a string for dtype of " + name, file);
                    type = p.getText();
                }
                case "shape" -> dims = numbers(p, "shape of " + name, file);
                case "data_offsets" -> offsets = numbers(p, "data_offsets of " + name, file);
                default -> throw new IOException(file + ": " + name + " has an unknown key " + key);
            }
        }
        if (type == null || dims == null || offsets == null || offsets.size() != 2) {
            throw new IOException(file + ": " + name + " needs dtype, shape and two data_offsets");
        }
        StoredType stored = StoredType.of(type);
        if (stored == null) {
            throw new IOException(
                    file + ": " + name + " is " + type + "; supported are " + Arrays.toString(StoredType.values()));
        }
        return new Entry(name, stored, shape(name, dims, file), offsets.get(0), offsets.get(1));
    }

    private static Shape shape(String name, List<Long> dims, Path file) throws IOException {
        try {
            return Shape.of(dims.stream().mapToInt(Math::toIntExact).toArray());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException(file + ": " + name + " has an impossible shape " + dims, e);
        }
    }

    private static List<Long> numbers(JsonParser p, String what, Path file) throws IOException {
        expect(p.currentToken(), JsonToken.START_ARRAY, "an array for " + what, file);
        List<Long> numbers = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
            expect(p.currentToken(), JsonToken.VALUE_NUMBER_INT, "whole numbers for " + what, file);
            if (numbers.size() == MOST_NUMBERS) {
                throw new IOException(file + ": there are more than " + MOST_NUMBERS + " numbers for " + what);
            }
            numbers.add(p.getLongValue());
        }
        return numbers;
    }

    private static void requireNoGap(List<Entry> entries, long buffer, Path file) throws IOException {
        long at = 0;
        for (Entry e : entries) {
            long need = (long) e.shape().size() * e.type().bytes();
            if (e.begin() != at || e.end() - e.begin() != need) {
                throw new IOException(file + ": " + e.name() + " " + e.shape() + " lies at bytes " + e.begin() + " to "
                        + e.end() + ", but should at " + at + " to " + (at + need));
            }
            if (need > Integer.MAX_VALUE - 8) {
                throw new IOException(file + ": " + e.name() + " " + e.shape() + " takes more than 2 GiB");
            }
            at = e.end();
        }
        if (at != buffer) {
            throw new IOException(
                    file + " is truncated or too long: its tensors take " + at + " bytes, " + buffer + " are there");
        }
    }

    private static void expect(JsonToken found, JsonToken wanted, String what, Path file) throws IOException {
        if (found != wanted) {
            throw new IOException(file + ": the header should have " + what);
        }
    }
}
