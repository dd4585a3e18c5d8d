// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import reactor.blockhound.BlockHound;
import reactor.core.scheduler.Schedulers;

/** Gives an application under test its database, its data directory and BlockHound. */
final class PlatformInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static {
        // A thread of a scheduler that waits for work while calls are instrumented is taken for one that blocks. It
        // dies of
        // it with the lock of its queue in its hands, and whatever is scheduled there afterwards waits for ever
        Schedulers.shutdownNow();
        BlockHound.install();
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        FreshDatabase database = PostgresSetup.freshDatabase();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "platform-test",
                        Map.of(
                                "aval.db.url", database.ownerUrl(),
                                "aval.db.app-url", database.appUrl(),
                                "aval.db.platform-url", database.platformUrl(),
                                "aval.data", dataDirectory().toString(),
                                "aval.access.graphiql", "true",
                                // No test depends on the time of day
                                "aval.rule-packs.standard", "OPEN")));
        context.getBeanFactory().registerSingleton("freshDatabase", database);
    }

    private static Path dataDirectory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "data")), "server-");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
