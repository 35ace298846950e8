package gradus.nn.train;

import gradus.array.Tensor;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.util.LinkedHashMap;
import java.util.Map;

/** The checks before the first step: a mistake in data or settings costs no training. */
final class Checks {
    private final Trainer trainer;

    Checks(Trainer trainer) {
        this.trainer = trainer;
    }

    /** Refuses what cannot be trained; nothing is changed. */
    void before(Dataset train) {
        if (trainer.optimizer == null) {
            throw new IllegalStateException("Trainer: there is no optimizer; set one with optimizer(..)");
        }
        if (trainer.stopsEarly() && trainer.validation == null) {
            throw new IllegalStateException("Trainer: early stopping needs a validation set");
        }
        if (trainer.stopOnSignal && trainer.file == null) {
            throw new IllegalStateException("Trainer: stopOnSignal needs a checkpoint");
        }
        check("training set", train, () -> {
            Batch one = first(train, 1);
            checkTargets(train, one, output(one));
        });
        if (trainer.validation != null) {
            check("validation set", trainer.validation, () -> evaluateFirst(trainer.validation));
        }
        requireAllTrained();
    }

    private static void check(String name, Dataset examples, Runnable check) {
        try {
            if (examples.size() < 1) {
                throw new IllegalArgumentException("it has no examples");
            }
            if (examples.isInMemory() && !examples.hasTransformedInputs()) {
                Finite.require(examples);
            }
            check.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Trainer: " + name + ": " + e.getMessage(), e);
        }
    }

    /** Returns the first examples, which must be finite, of a set too of which not all are looked at. */
    private Batch first(Dataset examples, int count) {
        Batch batch = examples.batch(0, Math.min(count, examples.size()));
        String found = Finite.find(batch, i -> i);
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(found);
        }
        return Evaluation.converted(batch, trainer.model.dtype());
    }

    private Tensor output(Batch batch) {
        return NoGradient.run(() -> trainer.forward.of(batch, Pass.evaluation()))
                .value();
    }

    /** Refuses targets that do not fit an output for one example; of a set that is not in memory, the seen ones are checked. */
    private void checkTargets(Dataset examples, Batch seen, Tensor output) {
        trainer.loss.check(output, examples.isInMemory() ? examples : Dataset.of(seen.inputs(), seen.targets()));
    }

    /** Computes what is computed after each epoch, of the first batch: output, loss and metrics. */
    private void evaluateFirst(Dataset examples) {
        Batch batch = first(examples, trainer.batchSize);
        Tensor output = output(batch);
        boolean byExample = output.shape().rank() > 0 && output.shape().dim(0) == batch.size();
        checkTargets(examples, batch, byExample ? output.slice(0, 0, 1) : output(first(examples, 1)));
        NoGradient.run(() -> {
            new Score(trainer.metrics).add(trainer.loss, Node.constant(output), batch);
            return null;
        });
    }

    /** Refuses an optimizer that lacks a parameter of the model: it would never be trained. */
    private void requireAllTrained() {
        Map<String, Node> missing = new LinkedHashMap<>(trainer.model.parameters());
        missing.values().removeAll(trainer.optimizer.parameters().values());
        if (missing.size() == trainer.model.parameters().size()) {
            return; // all of them: the first step says so
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Trainer: the optimizer does not have " + missing.keySet()
                    + "; create it with model.parameters(), or freeze what is not to be trained");
        }
    }
}
