package gradus.nn.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Writes a file as a whole or not at all: to a temporary file in the same directory, which is synced and renamed, after which the directory is
 * synced. A crash or a full disk leaves an old file whole.
 *
 * <p>A symbolic link is followed: its target is replaced and the link stays. What exists and is no regular file, such as a directory or a pipe, is
 * refused, and so is a file that may not be written. The permissions of an old file are kept. The temporary file of {@code NAME} is always {@code
 * .NAME.tmp}; it is locked while it is written, so that the next writer waits for it to be done, or takes over what a killed one has left.
 */
public final class AtomicFile {
    private static final int MAX_LINKS = 40;
    private static final Set<PosixFilePermission> WRITE = EnumSet.of(
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** The files that threads of this process write; a lock of a file is one of the process. */
    private static final Set<Path> BUSY = new HashSet<>();

    private AtomicFile() {}

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; the stream is buffered, and closed by the caller. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file.
     *
     * @throws IOException if it cannot be written; the message names the file
     */
    public static void write(Path file, byte[] bytes) throws IOException {
        Objects.requireNonNull(bytes, "AtomicFile.write: bytes is null");
        write(file, out -> out.write(bytes));
    }

    /**
     * Writes a file.
     *
     * @throws IOException if it cannot be written, or the content throws it; the message names the file
     */
    public static void write(Path file, Content content) throws IOException {
        Objects.requireNonNull(file, "AtomicFile.write: file is null");
        Objects.requireNonNull(content, "AtomicFile.write: content is null");
        Path target = target(file);
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        enter(target);
        try {
            replace(target, temporary, content);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + reason(e), e);
        } finally {
            leave(target);
        }
    }

    /** Returns the file itself, after all links, in its real directory. */
    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS) {
                throw new IOException(file + " is a symbolic link that leads to no file after " + MAX_LINKS + " links");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        Path parent = target.getParent();
        if (parent == null || Files.isDirectory(target)) {
            throw new IOException(file + " is a directory, not a file to write");
        }
        if (!Files.isDirectory(parent)) {
            throw new IOException(file + " cannot be written: there is no directory " + parent);
        }
        if (Files.exists(target)) {
            if (!Files.isRegularFile(target)) {
                throw new IOException(file + " is no regular file, but a pipe or a device");
            }
            if (!Files.isWritable(target) || isReadOnly(target)) {
                throw new AccessDeniedException(file.toString(), null, "the file is read-only");
            }
        }
        return parent.toRealPath().resolve(target.getFileName());
    }

    /** Returns whether nobody may write; the system lets an administrator do so nevertheless. */
    private static boolean isReadOnly(Path target) throws IOException {
        Set<PosixFilePermission> permissions = permissions(target);
        return permissions != null && permissions.stream().noneMatch(WRITE::contains);
    }

    private static Set<PosixFilePermission> permissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null ? null : view.readAttributes().permissions();
    }

    private static void enter(Path target) {
        synchronized (BUSY) {
            boolean interrupted = false;
            while (!BUSY.add(target)) {
                try {
                    BUSY.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void leave(Path target) {
        synchronized (BUSY) {
            BUSY.remove(target);
            BUSY.notifyAll();
        }
    }

    private static void replace(Path target, Path temporary, Content content) throws IOException {
        try (FileChannel channel = locked(temporary)) {
            try {
                Set<PosixFilePermission> permissions = Files.exists(target) ? permissions(target) : null;
                if (permissions != null) {
                    Files.setPosixFilePermissions(temporary, permissions);
                }
                channel.truncate(0);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException | Error e) {
                Files.deleteIfExists(temporary);
                throw e;
            }
        }
        sync(target.getParent());
    }

    /**
     * Opens the temporary file, whoever has left it, for this process alone. Until it is locked another process may rename it, and what is open is
     * then the target: so the name must be that of one and the same file before it is opened and after it is locked.
     */
    private static FileChannel locked(Path temporary) throws IOException {
        while (true) {
            Object before = created(temporary);
            try {
                FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                try {
                    Object opened = key(temporary);
                    channel.lock();
                    if (before.equals(opened) && before.equals(key(temporary))) {
                        return channel;
                    }
                } catch (IOException | RuntimeException e) {
                    channel.close();
                    throw e;
                }
                channel.close();
            } catch (NoSuchFileException e) {
                // another process has renamed it
            }
        }
    }

    /** Creates the temporary file unless it is there, and returns what identifies it. */
    private static Object created(Path temporary) throws IOException {
        try {
            Files.createFile(temporary);
        } catch (FileAlreadyExistsException e) {
            if (Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(temporary, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("the temporary file " + temporary + " is no regular file", e);
            }
        }
        return key(temporary);
    }

    /** Returns what identifies the file of this name; its name if the system does not tell, or there is none. */
    private static Object key(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException e) {
            return "no file";
        }
    }

    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // a system that cannot open a directory, such as Windows, has no call to sync one
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
