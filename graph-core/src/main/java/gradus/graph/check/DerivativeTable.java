package gradus.graph.check;

import gradus.graph.check.GradientSettings.Tolerance;
import gradus.graph.check.NumericDerivative.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The derivatives of one comparison, by rules and numeric: a row per cotangent, a column per element.
 *
 * @param u the cotangents
 * @param columns which elements are compared
 * @param rule the rules' derivatives by all elements
 * @param numeric the numeric ones; null for elements that are not compared
 * @param allowed the tolerances of each row
 */
record DerivativeTable(Cotangents u, int[] columns, double[][] rule, Estimate[][] numeric, Tolerance... allowed) {
    /**
     * A derivative that its central difference does not confirm.
     *
     * @param excess by how many times the tolerance both differ; infinite if one is not a number
     */
    record Mismatch(int row, int column, double excess) {}

    /** Returns the derivatives by some elements under each cotangent, the numeric ones by central differences. */
    static DerivativeTable of(ComparisonContext c, Cotangents u, int... columns) {
        double[][] rule =
                IntStream.range(0, u.count()).mapToObj(r -> c.f.vjp(u.row(r))).toArray(double[][]::new);
        Estimate[][] numeric = new Estimate[rule.length][c.f.x.length];
        Tolerance common = c.allowed(u, rule);
        Tolerance[] allowed =
                Arrays.stream(rule).map(row -> common.beside(largest(row))).toArray(Tolerance[]::new);
        for (int j : columns) {
            NumericDerivative by = NumericDerivative.byElement(c.f, u, c.y, j);
            for (int r = 0; r < rule.length; r++) {
                numeric[r][j] = by.central(r);
                c.coverage.add(c.f.inputs.tensorOf(j), rule[r][j], numeric[r][j].value(), common.absolute());
            }
        }
        return new DerivativeTable(u, columns, rule, numeric, allowed);
    }

    private static double largest(double... row) {
        return Arrays.stream(row).map(Math::abs).filter(Double::isFinite).reduce(0, Math::max);
    }

    /** Returns the derivatives that their central differences do not confirm, the largest excess first. */
    List<Mismatch> mismatches() {
        List<Mismatch> open = new ArrayList<>();
        for (int j : columns) {
            for (int r = 0; r < rule.length; r++) {
                double derivative = rule[r][j];
                if (!numeric[r][j].confirmsWithinTolerance(derivative, allowed[r])) {
                    open.add(new Mismatch(r, j, allowed[r].excess(derivative, numeric[r][j].value())));
                }
            }
        }
        open.sort(Comparator.comparingDouble(Mismatch::excess).reversed());
        return open;
    }

    double rule(Mismatch m) {
        return rule[m.row][m.column];
    }

    Estimate numeric(Mismatch m) {
        return numeric[m.row][m.column];
    }

    Tolerance allowed(Mismatch m) {
        return allowed[m.row];
    }

    /** Replaces the numeric derivative by a better one. */
    void refine(Mismatch m, Estimate better) {
        numeric[m.row][m.column] = better;
    }
}
