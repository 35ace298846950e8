package gradus.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules against PyTorch's schedulers; the numbers are written by learning_rates.py. */
class LearningRateTest {
    private static final double RATE = 0.2;
    private static final Map<String, double[]> PYTORCH = OptimizerCases.lines("learning_rates.txt");
    private static final List<Double> LOSSES =
            DoubleStream.of(PYTORCH.get("losses")).boxed().toList();

    private static final Map<String, LearningRate> SCHEDULES = new LinkedHashMap<>();

    static {
        SCHEDULES.put("step", LearningRate.step(RATE, 7, 0.5));
        SCHEDULES.put("multiStep", LearningRate.multiStep(RATE, 0.3, 5, 12, 40));
        SCHEDULES.put("exponential", LearningRate.exponential(RATE, 0.93));
        SCHEDULES.put("polynomial", LearningRate.polynomial(RATE, 50, 1));
        SCHEDULES.put("polynomial of power 2.5", LearningRate.polynomial(RATE, 41, 2.5));
        SCHEDULES.put("cosine", LearningRate.cosine(RATE, 59));
        SCHEDULES.put("cosine to a minimum", LearningRate.cosine(RATE, 59, 0.01));
        SCHEDULES.put("cosine with restarts", LearningRate.cosineRestarts(RATE, 11, 1));
        SCHEDULES.put("cosine with longer restarts", LearningRate.cosineRestarts(RATE, 5, 2));
        SCHEDULES.put("warmup", LearningRate.constant(RATE).warmup(10));
        SCHEDULES.put("then", LearningRate.constant(RATE).warmup(4).then(10, LearningRate.exponential(RATE, 0.9)));
        SCHEDULES.put("one cycle", LearningRate.oneCycle(RATE, 60));
        SCHEDULES.put("one cycle, short", LearningRate.oneCycle(RATE, 7));
        SCHEDULES.put("one cycle, one step", LearningRate.oneCycle(RATE, 1));
        SCHEDULES.put(
                "one cycle, linear", LearningRate.oneCycle(RATE, 60).linear().pctStart(0.42));
        SCHEDULES.put(
                "one cycle, three phases",
                LearningRate.oneCycle(RATE, 60).threePhase().divFactor(10).finalDivFactor(100));
        SCHEDULES.put("one cycle, rising", LearningRate.oneCycle(RATE, 60).pctStart(1));
        SCHEDULES.put("one cycle, falling", LearningRate.oneCycle(RATE, 60).pctStart(0));
        SCHEDULES.put("plateau", LearningRate.plateau(RATE));
        SCHEDULES.put(
                "plateau, options",
                LearningRate.plateau(RATE)
                        .factor(0.5)
                        .patience(2)
                        .threshold(0.02)
                        .cooldown(3)
                        .minimum(0.01));
        SCHEDULES.put(
                "plateau, no patience", LearningRate.plateau(RATE).factor(0.9).patience(0));
        SCHEDULES.put(
                "plateau, to the least change",
                LearningRate.plateau(RATE).factor(0.0001).patience(3));
    }

    static Stream<Arguments> schedules() {
        return SCHEDULES.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void the_rate_of_each_step_is_that_of_pytorch(String name, LearningRate schedule) {
        double[] expected = PYTORCH.get(name);
        double[] found = new double[expected.length];
        Arrays.setAll(found, step -> schedule.at(step, LOSSES.subList(0, Math.min(step, LOSSES.size()))));
        for (int step = 0; step < found.length; step++) { // PyTorch multiplies the rate of the step before
            assertEquals(expected[step], found[step], 1e-12 * RATE + 1e-10 * expected[step], name + " at " + step);
        }
        if (!name.startsWith("plateau")) {
            assertArrayEquals(
                    found,
                    DoubleStream.iterate(0, i -> i + 1)
                            .limit(found.length)
                            .map(i -> schedule.at((long) i))
                            .toArray());
        }
    }

    @Test
    void every_schedule_is_compared_with_pytorch() {
        assertEquals(
                new TreeSet<>(PYTORCH.keySet()),
                Stream.concat(Stream.of("losses"), SCHEDULES.keySet().stream())
                        .collect(Collectors.toCollection(TreeSet::new)));
        String all = SCHEDULES.values().stream()
                .map(LearningRate::settings)
                .collect(Collectors.joining())
                .toLowerCase(Locale.ROOT);
        for (Method m : LearningRate.class.getDeclaredMethods()) {
            if (Modifier.isPublic(m.getModifiers()) && LearningRate.class.isAssignableFrom(m.getReturnType())) {
                assertTrue(all.contains(m.getName().toLowerCase(Locale.ROOT)), m.getName());
            }
        }
    }

    @Test
    void after_its_last_step_a_schedule_keeps_its_last_rate() {
        assertEquals(0, LearningRate.cosine(2, 100).at(1000));
        assertEquals(0.5, LearningRate.cosine(2, 100, 0.5).at(1000));
        assertEquals(0, LearningRate.polynomial(2, 100, 2).at(1000));
        LearningRate cycle = LearningRate.oneCycle(2, 100);
        assertEquals(2 / 25.0 / 1e4, cycle.at(99), 1e-18);
        assertEquals(cycle.at(99), cycle.at(1000));
    }

    /** {@link LearningRatePictures} writes them again. */
    @Test
    void the_pictures_of_the_page_are_those_of_the_schedules() throws IOException {
        Path docs = Path.of(System.getProperty("gradus.root")).resolve("docs");
        String page = Files.readString(docs.resolve("learning-rates.md"));
        for (Map.Entry<String, LearningRate> e :
                LearningRatePictures.schedules().entrySet()) {
            assertTrue(page.contains("(learning-rates/" + e.getKey() + ".svg)"), e.getKey());
            assertEquals(
                    LearningRatePictures.svg(e.getValue()),
                    Files.readString(docs.resolve("learning-rates/" + e.getKey() + ".svg")),
                    e.getKey());
        }
        for (Method m : LearningRate.class.getDeclaredMethods()) {
            if (LearningRate.class.isAssignableFrom(m.getReturnType())) {
                assertTrue(page.contains(m.getName() + "("), m.getName());
            }
        }
    }

    // ---- values

    @Test
    void schedules_are_values_with_settings_that_say_all() {
        List<LearningRate> once = List.copyOf(SCHEDULES.values());
        for (int i = 0; i < once.size(); i++) {
            for (int k = 0; k < i; k++) {
                assertNotEquals(once.get(i), once.get(k));
                assertNotEquals(once.get(i).settings(), once.get(k).settings());
            }
        }
        LearningRate one = LearningRate.cosine(0.1, 100).warmup(5).then(50, LearningRate.constant(0.01));
        LearningRate two = LearningRate.cosine(0.1, 100).warmup(5).then(50, LearningRate.constant(0.01));
        assertEquals(one, two);
        assertEquals(one.settings(), two.settings());
        assertEquals(
                "Cosine[rate=0.1, steps=100, minimum=0.0].warmup(5).then(50, Constant[rate=0.01])", one.settings());
        LearningRate lambda = step -> 0.1;
        assertEquals("", lambda.settings());
        assertEquals("", lambda.warmup(3).settings());
        assertEquals("", LearningRate.constant(1).then(3, lambda).settings());
        assertEquals("", lambda.then(3, LearningRate.constant(1)).settings());
    }

    // ---- properties

    @Provide
    Arbitrary<LearningRate> any() {
        return Arbitraries.of(SCHEDULES.values());
    }

    @Property(tries = 100)
    void a_rate_is_a_number_from_0_to_the_first_or_the_largest(
            @ForAll("any") LearningRate schedule, @ForAll @IntRange(max = 10_000) int step) {
        double rate = schedule.at(step, LOSSES);
        assertTrue(rate >= 0 && rate <= RATE, schedule + " at " + step + ": " + rate);
    }

    @Property(tries = 100)
    void one_schedule_after_another_counts_from_its_own_start(
            @ForAll("any") LearningRate first,
            @ForAll("any") LearningRate next,
            @ForAll @IntRange(min = 1, max = 50) int steps,
            @ForAll @IntRange(max = 100) int step) {
        LearningRate both = first.then(steps, next);
        assertEquals(step < steps ? first.at(step) : next.at(step - steps), both.at(step));
        assertEquals(step < steps ? first.at(step, LOSSES) : next.at(step - steps, LOSSES), both.at(step, LOSSES));
    }

    @Property(tries = 100)
    void a_warm_up_ends_after_its_steps(
            @ForAll("any") LearningRate schedule,
            @ForAll @IntRange(min = 1, max = 50) int steps,
            @ForAll @IntRange(max = 100) int step) {
        double factor = Math.min(1, (step + 1.0) / steps);
        assertEquals(schedule.at(step) * factor, schedule.warmup(steps).at(step));
        assertEquals(schedule.at(step, LOSSES) * factor, schedule.warmup(steps).at(step, LOSSES));
    }

    // ---- refusals

    static Stream<Arguments> refused() {
        return Stream.of(
                refusal("the rate -1.0 must be a number from 0 up", () -> LearningRate.constant(-1)),
                refusal("the rate NaN must be a number from 0 up", () -> LearningRate.constant(Double.NaN)),
                refusal("the rate Infinity must be", () -> LearningRate.step(Double.POSITIVE_INFINITY, 1, 1)),
                refusal("every 0 must be at least 1", () -> LearningRate.step(1, 0, 0.5)),
                refusal("the factor NaN must be", () -> LearningRate.step(1, 1, Double.NaN)),
                refusal("the rate -1.0 must be", () -> LearningRate.multiStep(-1, 0.5, 1)),
                refusal("the factor -0.5 must be", () -> LearningRate.multiStep(1, -0.5, 1)),
                refusal("milestones [5, 5] must be from 1 up, and ascend", () -> LearningRate.multiStep(1, 0.5, 5, 5)),
                refusal("milestones [0] must be from 1 up", () -> LearningRate.multiStep(1, 0.5, 0)),
                refusal("the rate -1.0 must be", () -> LearningRate.exponential(-1, 0.5)),
                refusal("the factor -0.5 must be", () -> LearningRate.exponential(1, -0.5)),
                refusal("the rate -1.0 must be", () -> LearningRate.polynomial(-1, 1, 1)),
                refusal("steps 0 must be at least 1", () -> LearningRate.polynomial(1, 0, 1)),
                refusal("the power 0.0 must be a positive number", () -> LearningRate.polynomial(1, 1, 0)),
                refusal("the rate -1.0 must be", () -> LearningRate.cosine(-1, 5)),
                refusal("steps 0 must be at least 1", () -> LearningRate.cosine(1, 0)),
                refusal("the minimum NaN must be", () -> LearningRate.cosine(1, 1, Double.NaN)),
                refusal("the rate -1.0 must be", () -> LearningRate.cosineRestarts(-1, 1, 1)),
                refusal("steps 0 must be at least 1", () -> LearningRate.cosineRestarts(1, 0, 1)),
                refusal("multiplier 0 must be at least 1", () -> LearningRate.cosineRestarts(1, 1, 0)),
                refusal("steps of warm-up 0 must be at least 1", () -> LearningRate.constant(1)
                        .warmup(0)),
                refusal("steps of the first schedule 0 must be at least 1", () -> LearningRate.constant(1)
                        .then(0, LearningRate.constant(1))),
                refusal("the maximum -1.0 must be", () -> LearningRate.oneCycle(-1, 1)),
                refusal("steps 0 must be at least 1", () -> LearningRate.oneCycle(1, 0)),
                refusal("pctStart 1.5 must be from 0 to 1", () -> LearningRate.oneCycle(1, 1)
                        .pctStart(1.5)),
                refusal("divFactor 0.0 must be a positive number", () -> LearningRate.oneCycle(1, 1)
                        .divFactor(0)),
                refusal("finalDivFactor NaN must be", () -> LearningRate.oneCycle(1, 1)
                        .finalDivFactor(Double.NaN)),
                refusal("the rate NaN must be", () -> LearningRate.plateau(Double.NaN)),
                refusal("the factor 1.0 must be from 0 to below 1", () -> LearningRate.plateau(1)
                        .factor(1)),
                refusal("patience -1 and cooldown 0 must be at least 0", () -> LearningRate.plateau(1)
                        .patience(-1)),
                refusal("patience 10 and cooldown -1 must be", () -> LearningRate.plateau(1)
                        .cooldown(-1)),
                refusal("the threshold NaN must be", () -> LearningRate.plateau(1)
                        .threshold(Double.NaN)),
                refusal("the minimum -1.0 must be", () -> LearningRate.plateau(1)
                        .minimum(-1)));
    }

    private static Arguments refusal(String message, Executable e) {
        return Arguments.of(message, e);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void what_makes_no_sense_is_refused_at_once(String message, Executable e) {
        String found = assertThrows(IllegalArgumentException.class, e).getMessage();
        assertTrue(found.startsWith("learning rate: " + message), found);
    }
}
