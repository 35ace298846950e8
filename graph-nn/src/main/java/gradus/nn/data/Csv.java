package gradus.nn.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.io.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A CSV file (RFC 4180, UTF-8) with a header, read into memory as text. Columns are chosen by name, as numbers or as classes:
 * {@code Dataset.of(csv.numbers("length", "width"), csv.classes("species"))}. Immutable.
 */
public final class Csv {
    private final Path file;
    private final List<String> columns;
    private final List<CsvRecord> rows;
    private final OptionalDouble missing;

    private Csv(Path file, List<String> columns, List<CsvRecord> rows, OptionalDouble missing) {
        this.file = file;
        this.columns = columns;
        this.rows = rows;
        this.missing = missing;
    }

    /**
     * Returns a file whose cells are separated by commas.
     *
     * @throws IOException if the file cannot be read, is not UTF-8, has no rows, a header with an empty name or two equal ones, or a row with more or
     *     fewer cells than the header; the message names the file and the line
     */
    public static Csv read(Path file) throws IOException {
        Objects.requireNonNull(file, "Csv.read: file is null");
        return read(file, ',');
    }

    /** Returns a file whose cells are separated by another character; see {@link #read(Path)}. */
    public static Csv read(Path file, char separator) throws IOException {
        Objects.requireNonNull(file, "Csv.read: file is null");
        if (separator == '"' || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException("Csv.read: a quote or line end cannot separate cells");
        }
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        List<CsvRecord> rows = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            reader.mark(1);
            if (reader.read() != '\uFEFF') { // a byte order mark
                reader.reset();
            }
            CsvReader.builder()
                    .fieldSeparator(separator)
                    .allowMissingFields(true) // refused below, by line
                    .allowExtraFields(true)
                    .ofCsvRecord(reader)
                    .forEach(rows::add);
        } catch (CsvParseException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8", e);
        } catch (UncheckedIOException e) {
            boolean coding = e.getCause() instanceof CharacterCodingException;
            throw new IOException(file + (coding ? " is not UTF-8" : ": " + e.getMessage()), e);
        }
        if (rows.size() < 2) {
            throw new IOException(file + ": there are no rows below a header");
        }
        List<String> header =
                rows.get(0).getFields().stream().map(String::strip).toList();
        requireHeader(file, header);
        for (CsvRecord row : rows) {
            if (row.getFieldCount() != header.size()) {
                throw new IOException(file + ": line " + row.getStartingLineNumber() + " has " + row.getFieldCount()
                        + " cells, the header " + header.size());
            }
        }
        return new Csv(file, header, List.copyOf(rows.subList(1, rows.size())), OptionalDouble.empty());
    }

    private static void requireHeader(Path file, List<String> header) throws IOException {
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).isEmpty()) {
                throw new IOException(file + ": column " + (i + 1) + " has no name");
            }
            if (header.indexOf(header.get(i)) < i) {
                throw new IOException(file + ": two columns have the name \"" + header.get(i) + "\"");
            }
        }
    }

    /**
     * Returns this table with a number in place of empty cells, which {@link #numbers} refuses otherwise.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public Csv withMissing(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("withMissing: " + value + " is not a finite number");
        }
        return new Csv(file, columns, rows, OptionalDouble.of(value));
    }

    /** Returns the names of the columns. */
    public List<String> columns() {
        return columns;
    }

    /**
     * Returns the names of all columns but these.
     *
     * @throws IllegalArgumentException if there is no column of a name
     */
    public String[] columnsExcept(String... names) {
        Objects.requireNonNull(names, "columnsExcept: names is null");
        for (String name : names) {
            index(name);
        }
        return columns.stream().filter(c -> !Arrays.asList(names).contains(c)).toArray(String[]::new);
    }

    /** Returns the number of rows. */
    public int size() {
        return rows.size();
    }

    /**
     * Returns the cells of a column.
     *
     * @throws IllegalArgumentException if there is no column of this name
     */
    public List<String> texts(String column) {
        Objects.requireNonNull(column, "texts: column is null");
        int i = index(column);
        return rows.stream().map(row -> row.getField(i)).toList();
    }

    /**
     * Returns columns as numbers, [rows, columns].
     *
     * @throws IllegalArgumentException if there is no column of a name, or a cell is empty, not a number, NaN or infinite; the message has the line,
     *     the first is 1, and the column
     */
    public Tensor numbers(String... names) {
        Objects.requireNonNull(names, "numbers: names is null");
        if (names.length == 0) {
            throw new IllegalArgumentException("numbers: no column is named");
        }
        int[] indices = Arrays.stream(names).mapToInt(this::index).toArray();
        double[] values = new double[Shape.of(rows.size(), indices.length).size()];
        int at = 0;
        for (CsvRecord row : rows) {
            for (int i : indices) {
                values[at++] = number(row, i);
            }
        }
        return Tensor.of(Shape.of(rows.size(), indices.length), values);
    }

    private double number(CsvRecord row, int column) {
        String cell = row.getField(column).strip();
        if (cell.isEmpty()) {
            return missing.orElseThrow(() -> bad(row, column, "the cell is empty"));
        }
        double value;
        try {
            value = Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw bad(row, column, "\"" + cell + "\" is not a number");
        }
        if (!Double.isFinite(value)) {
            throw bad(row, column, "\"" + cell + "\" is not a finite number");
        }
        boolean hasSuffix = !Character.isDigit(cell.charAt(cell.length() - 1)) && !cell.endsWith(".");
        if (hasSuffix || cell.contains("x") || cell.contains("X")) {
            throw bad(row, column, "\"" + cell + "\" is not a number"); // 1d and 0x1p3 are, to Java
        }
        return value;
    }

    private IllegalArgumentException bad(CsvRecord row, int column, String why) {
        return new IllegalArgumentException(
                file + ": line " + row.getStartingLineNumber() + ", column \"" + columns.get(column) + "\": " + why);
    }

    /**
     * Returns the different cells of a column, sorted: the names of the classes that {@link #classes(String)} returns by index.
     *
     * @throws IllegalArgumentException if there is no column of this name
     */
    public List<String> classNames(String column) {
        Objects.requireNonNull(column, "classNames: column is null");
        return List.copyOf(new TreeSet<>(texts(column)));
    }

    /**
     * Returns the class of each row, by its index in {@link #classNames}.
     *
     * @throws IllegalArgumentException if there is no column of this name, or a cell is empty
     */
    public int[] classes(String column) {
        Objects.requireNonNull(column, "classes: column is null");
        return classes(column, classNames(column));
    }

    /**
     * Returns the class of each row, by its index in the names: those of the training file, for a file of tests.
     *
     * @throws IllegalArgumentException if there is no column of this name, a name is there twice, or a cell is empty or none of the names
     */
    public int[] classes(String column, List<String> names) {
        Objects.requireNonNull(column, "classes: column is null");
        Objects.requireNonNull(names, "classes: names is null");
        int i = index(column);
        Map<String, Integer> indices = new HashMap<>();
        for (int c = 0; c < names.size(); c++) {
            if (indices.put(names.get(c), c) != null) {
                throw new IllegalArgumentException("classes: \"" + names.get(c) + "\" is there twice in names");
            }
        }
        return rows.stream()
                .mapToInt(row -> {
                    String cell = row.getField(i);
                    Integer c = indices.get(cell);
                    if (cell.isBlank() || c == null) {
                        throw bad(
                                row, i, cell.isBlank() ? "the cell is empty" : "\"" + cell + "\" is none of " + names);
                    }
                    return c;
                })
                .toArray();
    }

    private int index(String column) {
        int i = columns.indexOf(column);
        if (i < 0) {
            throw new IllegalArgumentException(file + ": there is no column \"" + column + "\", only " + columns);
        }
        return i;
    }

    /**
     * Writes a matrix as a file with a header; reading it gives the same numbers.
     *
     * @param values one row for each line, one column for each name
     * @throws IllegalArgumentException if there are no columns, or not as many as names, a name is blank, has white space around it or is there twice,
     *     or a number is not finite
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, List<String> columns, Tensor values) throws IOException {
        Objects.requireNonNull(file, "Csv.write: file is null");
        Objects.requireNonNull(columns, "Csv.write: columns is null");
        Objects.requireNonNull(values, "Csv.write: values is null");
        Shape shape = values.shape();
        if (columns.isEmpty() || shape.rank() != 2 || shape.dim(1) != columns.size()) {
            throw new IllegalArgumentException("Csv.write: values " + shape + " have not the columns " + columns);
        }
        for (int i = 0; i < columns.size(); i++) {
            String name = Objects.requireNonNull(columns.get(i), "Csv.write: columns[" + i + "] is null");
            if (name.isBlank() || !name.equals(name.strip()) || columns.indexOf(name) < i) {
                throw new IllegalArgumentException("Csv.write: \"" + name + "\" cannot be the name of column " + (i + 1)
                        + "; names are different, not blank and have no white space around them");
            }
        }
        double[] all = values.toDoubleArray();
        for (int i = 0; i < all.length; i++) {
            if (!Double.isFinite(all[i])) {
                throw new IllegalArgumentException("Csv.write: row " + i / columns.size() + " of column \""
                        + columns.get(i % columns.size()) + "\" is " + all[i] + ", not a finite number");
            }
        }
        boolean single = values.dtype() == DType.FLOAT32;
        AtomicFile.write(file, out -> {
            CsvWriter writer = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            writer.writeRecord(columns);
            for (int r = 0; r < shape.dim(0); r++) {
                int row = r;
                writer.writeRecord(IntStream.range(0, columns.size())
                        .mapToDouble(c -> values.get(row, c))
                        .mapToObj(v -> single ? Float.toString((float) v) : Double.toString(v))
                        .toList());
            }
            writer.flush();
        });
    }

    @Override
    public String toString() {
        return "Csv of " + rows.size() + " rows: " + columns;
    }
}
