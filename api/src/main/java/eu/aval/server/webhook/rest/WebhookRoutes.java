// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.rest;

import eu.aval.server.access.Application.Scope;
import eu.aval.server.access.RestRoutes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebhookRoutes {

    private static final String ALL = "/v1/webhook-endpoints";
    private static final String ONE = ALL + "/{id}";

    @Bean
    RestRoutes webhookOperations(EndpointHandler endpoints, EventHandler events) {
        return RestRoutes.of()
                .post(ALL, Scope.WEBHOOKS_MANAGE, endpoints::create)
                .get(ALL, Scope.WEBHOOKS_MANAGE, endpoints::list)
                .get(ONE, Scope.WEBHOOKS_MANAGE, endpoints::find)
                .put(ONE, Scope.WEBHOOKS_MANAGE, endpoints::update)
                .delete(ONE, Scope.WEBHOOKS_MANAGE, endpoints::delete)
                .post(ONE + "/enable", Scope.WEBHOOKS_MANAGE, endpoints::enable)
                .post(ONE + "/disable", Scope.WEBHOOKS_MANAGE, endpoints::disable)
                .post(ONE + "/rotate-secret", Scope.WEBHOOKS_MANAGE, endpoints::rotate)
                .post(ONE + "/test", Scope.WEBHOOKS_MANAGE, endpoints::test)
                .post(ONE + "/replay", Scope.WEBHOOKS_MANAGE, endpoints::replay)
                .get(ONE + "/deliveries", Scope.WEBHOOKS_MANAGE, endpoints::deliveries)
                .stream("/v1/events", Scope.EVENTS_READ, events::stream);
    }
}
