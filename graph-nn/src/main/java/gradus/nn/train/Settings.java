package gradus.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a training has to have in common with one that resumes from its checkpoint. */
final class Settings {
    private Settings() {}

    /**
     * Returns the settings by name.
     *
     * @param examples the number of training examples
     * @param steps the number of steps that were taken, at some of which a lambda of a schedule is compared
     * @param initialRate the optimizer's learning rate before the first step
     */
    static Map<String, String> of(Trainer trainer, int examples, long steps, double initialRate) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("training examples", Integer.toString(examples));
        settings.put(
                "validation examples", Integer.toString(trainer.validation == null ? 0 : trainer.validation.size()));
        settings.put("batch size", Integer.toString(trainer.batchSize));
        settings.put("seed", Long.toString(trainer.seed));
        if (trainer.accumulate > 1) {
            settings.put("batches of a step", Integer.toString(trainer.accumulate));
        }
        if (trainer.pieces > 1) {
            settings.put("pieces of a batch", Integer.toString(trainer.pieces));
        }
        if (trainer.average != null) {
            settings.put("average", trainer.average.settings() + " from epoch " + trainer.averageFrom);
        }
        if (trainer.stopsEarly()) {
            settings.put("patience", Integer.toString(trainer.patience));
        }
        if (Double.isFinite(trainer.maxNorm)) {
            settings.put("clip norm", Double.toString(trainer.maxNorm));
        }
        trainer.optimizer.settings().forEach((name, value) -> settings.put("optimizer's " + name, value));
        if (trainer.schedule == null || !trainer.schedule.settings().isEmpty()) {
            settings.put(
                    "learning rate",
                    trainer.schedule == null ? Double.toString(initialRate) : trainer.schedule.settings());
            return settings;
        }
        for (long step = 0; step < steps; step = Math.max(1, 2 * step)) {
            settings.put("learning rate at step " + step, Double.toString(trainer.schedule.at(step)));
        }
        return settings;
    }
}
