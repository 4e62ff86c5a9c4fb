package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postern.database.Database;

/**
 * Opens on a scratch database what a test class is about, hands it to the constructor of each test, and closes it: one for the
 * whole class, or one for each test on an emptied database.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final OnScratch<Node> NODE = OnScratch.forEachTest(Node::new);
 *
 * private final Node node;
 *
 * NodeTest(Node node) {
 *     this.node = node;
 * }
 * }</pre>
 */
public final class OnScratch<T extends AutoCloseable>
        implements BeforeAllCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final boolean forEachTest;
    private final ScratchDatabase scratch;
    private final Opener<T> opener;
    private final Consumer<T> check;
    private @Nullable T opened;
    private @Nullable Path directory;

    /** Opens it. */
    @FunctionalInterface
    public interface Opener<T> {
        /** @param directory for its files, of which none may be left when it is closed */
        T open(Database database, Path directory) throws IOException;
    }

    private OnScratch(boolean forEachTest, ScratchDatabase scratch, Opener<T> opener, Consumer<T> check) {
        this.forEachTest = forEachTest;
        this.scratch = scratch;
        this.opener = opener;
        this.check = check;
    }

    /** One for all tests of the class. */
    public static <T extends AutoCloseable> OnScratch<T> forClass(Opener<T> opener) {
        return new OnScratch<>(false, new ScratchDatabase(), opener, _ -> {});
    }

    /** One for each test, which sees no other test's rows. */
    public static <T extends AutoCloseable> OnScratch<T> forEachTest(Opener<T> opener) {
        return new OnScratch<>(true, new ScratchDatabase(), opener, _ -> {});
    }

    public OnScratch<T> withPoolSize(int size) {
        return new OnScratch<>(forEachTest, ScratchDatabase.withPoolSize(size), opener, check);
    }

    /** @param invariants asked after each test */
    public OnScratch<T> checking(Consumer<T> invariants) {
        return new OnScratch<>(forEachTest, scratch, opener, invariants);
    }

    public ScratchDatabase scratch() {
        return scratch;
    }

    /** What is open now: for a class's {@code @BeforeAll}. */
    public T opened() {
        if (opened == null) {
            throw new IllegalStateException("nothing is open");
        }
        return opened;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        scratch.beforeAll(context);
        if (!forEachTest) {
            open();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getDeclaringExecutable() instanceof Constructor;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (forEachTest) {
            scratch.clear();
            try {
                open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return opened();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            check.accept(opened());
        } finally {
            if (forEachTest) {
                close();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        close();
        scratch.afterAll(context);
    }

    private void open() throws IOException {
        var files = Files.createTempDirectory("scratch");
        directory = files;
        opened = opener.open(scratch.database(), files);
    }

    private void close() throws Exception {
        if (opened != null) {
            opened.close();
            opened = null;
        }
        if (directory != null) {
            Files.delete(directory); // Empty, or something has left a file behind.
            directory = null;
        }
    }
}
