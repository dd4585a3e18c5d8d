// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the server. */
@SpringBootApplication
public class Platform {

    public static void main(String[] arguments) {
        SpringApplication.run(Platform.class, arguments);
        // Whoever ends a server that runs asked it to. When it has drained that is a success, not the 130 or 143 of a
        // JVM
        // that a signal ended. Last of all handlers: the context is closed, and logs are written
        SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
    }
}
