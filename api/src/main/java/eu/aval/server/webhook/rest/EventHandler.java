// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.rest;

import eu.aval.server.access.Application;
import eu.aval.server.outbox.EventLog.Event;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.webhook.EventStreams;
import eu.aval.server.webhook.store.DeliveryRows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/events}. */
@Component
class EventHandler {

    private static final String BEAT = "retry:1000\n:listening\n\n";

    private final EventStreams streams;

    EventHandler(EventStreams streams) {
        this.streams = streams;
    }

    Mono<ServerResponse> stream(ServerRequest request) {
        Application application = Application.of(request);
        return streams.open(application.tenant(), application.keyId(), last(request))
                .flatMap(events -> ServerResponse.ok()
                        .contentType(MediaType.TEXT_EVENT_STREAM)
                        .header("X-Accel-Buffering", "no")
                        // what comes together leaves together
                        .body((response, context) ->
                                response.writeAndFlushWith(events.takeUntilOther(Application.ended(request))
                                        .map(those -> Mono.just(response.bufferFactory()
                                                .wrap(shown(those).getBytes(StandardCharsets.UTF_8)))))));
    }

    private static @Nullable UUID last(ServerRequest request) {
        String value = request.headers().firstHeader("Last-Event-ID");
        try {
            return value == null || value.isEmpty() ? null : UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The request has invalid fields",
                    List.of(new Problem.Field("/header/Last-Event-ID", "INVALID_VALUE", "The id of an event")));
        }
    }

    /** The format of the HTML standard, 9.2.5; JSON as the database writes it has no line breaks. */
    private static String shown(List<Event> events) {
        if (events.isEmpty()) {
            return BEAT;
        }
        StringBuilder shown = new StringBuilder(events.size() * 320);
        for (Event event : events) {
            shown.append("id:")
                    .append(event.id())
                    .append("\nevent:")
                    .append(event.type())
                    .append("\ndata:");
            shown.append(DeliveryRows.body(event.type(), event.at(), event.data()))
                    .append("\n\n");
        }
        return shown.toString();
    }
}
