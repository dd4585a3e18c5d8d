// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What a first start brings along for trying out: a tenant that can send through the simulator, and its keys. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "personaldata",
            "encryption",
            "tenant",
            "audit",
            "access",
            "limit",
            "consent",
            "carrier",
            "routing"
        })
package eu.aval.server.demo;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
