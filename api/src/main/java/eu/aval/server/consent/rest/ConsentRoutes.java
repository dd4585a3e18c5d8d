// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import eu.aval.server.access.Application.Scope;
import eu.aval.server.access.RestRoutes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConsentRoutes {

    @Bean
    RestRoutes consentOperations(ConsentHandler consents, OptOutHandler optOuts) {
        return RestRoutes.of()
                .post("/v1/consents", Scope.CONSENTS_WRITE, consents::handle)
                .post("/v1/opt-outs", Scope.OPT_OUTS_WRITE, optOuts::handle);
    }
}
