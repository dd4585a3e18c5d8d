// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.demo;

import eu.aval.server.shared.AtStart;
import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Makes the demo tenant once everything runs and before the server calls itself ready, and leaves its credentials in
 * {@code demo.env}. A marker beside that file tells a first start that was cut off.
 */
final class FirstStart implements ApplicationListener<ApplicationReadyEvent>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(FirstStart.class);

    private final DemoTenant demo;
    private final Path data;
    private final Environment environment;

    FirstStart(DemoTenant demo, Path data, Environment environment) {
        this.demo = demo;
        this.data = data;
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        Path begun = data.resolve("demo.begun");
        boolean first = Boolean.TRUE.equals(AtStart.await("the list of tenants", demo.isFirst()));
        if (!first && !Files.exists(begun)) {
            return;
        }
        try {
            Files.createDirectories(data);
            Files.writeString(begun, "");
            DemoTenant.Credentials credentials = AtStart.await("the demo tenant", demo.create());
            if (credentials == null) {
                throw new IllegalStateException("No credentials");
            }
            Path file = data.resolve("demo.env");
            write(file, credentials);
            Files.delete(begun);
            greet(file, url());
        } catch (IOException e) {
            throw new CannotStart(
                    "The demo tenant's keys cannot be written to " + data + ": " + e.getMessage(),
                    "Make room, and let this user write there; the next start completes it.",
                    e);
        }
    }

    private void write(Path file, DemoTenant.Credentials credentials) throws IOException {
        Path next = Files.createTempFile(
                data,
                "demo",
                ".next",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                next,
                "AVAL_URL=" + url() + "\n"
                        + "AVAL_API_KEY=" + credentials.apiKey() + "\n"
                        + "AVAL_DPO_TOKEN=" + credentials.dpoToken() + "\n"
                        + "AVAL_ADMIN_TOKEN=" + credentials.adminToken() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String url() {
        return "http://localhost:" + environment.getProperty("local.server.port", "8080");
    }

    private static void greet(Path file, String url) {
        log.info("""
                A demo tenant is ready; its keys are in {}. Send your first message:

                . {} && curl -i "$AVAL_URL/v1/messages" \\
                  -H "Authorization: Bearer $AVAL_API_KEY" -H 'Content-Type: application/json' \\
                  -d '{"to": "+33639980000", "text": "Hello from Aval", "purpose": "transactional"}'

                What else there is: {}/docs
                """, file, file.toAbsolutePath().normalize(), url);
    }
}
