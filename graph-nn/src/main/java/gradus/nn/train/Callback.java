package gradus.nn.train;

/** Called by a {@link Trainer} at the end of each epoch, and if it wants of each batch. */
@FunctionalInterface
public interface Callback {
    /** Called after an epoch, validation included, and before the checkpoint is written, so that it has what is set here. */
    void onEpoch(Progress progress);

    /** Called after a batch, and its step if it has one; does nothing by default. */
    default void onBatch(Progress progress) {}
}
