// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import eu.aval.server.access.Application;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.access.Cursor;
import eu.aval.server.access.RestRoutes;
import eu.aval.server.inbound.InboundMessage;
import eu.aval.server.inbound.InboundMessages;
import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.personaldata.PlaintextAccess;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /v1/inbound-messages}: in clear, for a scope of its own. */
@Configuration(proxyBeanMethods = false)
class InboundRoutes {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            UUID id,
            @Nullable String from,
            @Nullable UUID recipientId,
            String to,
            @Nullable String text,
            Meaning meaning,
            boolean complete,
            Instant receivedAt,
            @Nullable UUID messageId) {

        /** Shows nothing of what was written. */
        @Override
        public String toString() {
            return "View[" + id + "]";
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<View> items, @Nullable String next) {}

    private final InboundMessages messages;
    private final JsonMapper json;

    InboundRoutes(InboundMessages messages, JsonMapper json) {
        this.messages = messages;
        this.json = json;
    }

    @Bean
    RestRoutes inboundRestRoutes() {
        return RestRoutes.of().get("/v1/inbound-messages", Scope.INBOUND_READ, this::list);
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        InboundQuery query = InboundQuery.parse(request.queryParams());
        return messages.list(Application.of(request).tenant(), query.filter(), query.limit() + 1, query.after())
                .flatMap(found -> {
                    List<InboundMessage> page = found.subList(0, Math.min(query.limit(), found.size()));
                    String next = found.size() > query.limit()
                            ? Cursor.of(page.getLast().id())
                            : null;
                    return ServerResponse.ok()
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(json.writeValueAsBytes(new Page(
                                    page.stream().map(InboundRoutes::view).toList(), next)));
                });
    }

    private static View view(InboundMessage message) {
        var from = message.from();
        var text = message.text();
        return new View(
                message.id(),
                from == null ? null : from.reveal(PlaintextAccess.forAddressee()),
                message.recipientId(),
                message.to(),
                text == null ? null : text.reveal(PlaintextAccess.forAddressee()),
                message.meaning(),
                message.complete(),
                message.receivedAt(),
                message.messageId());
    }
}
