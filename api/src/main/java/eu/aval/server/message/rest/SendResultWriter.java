// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.accept.Acceptance;
import eu.aval.server.message.accept.Prepared;
import eu.aval.server.message.accept.Reception.Preview;
import eu.aval.server.message.accept.Reception.Receipt;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.policy.ComposedText;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.Money;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.OffendingCharacter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the answers to sending, token by token. */
final class SendResultWriter {

    static final String MESSAGES = "/v1/messages/";

    private static final JsonFactory JSON = new JsonFactory();

    private SendResultWriter() {}

    static byte[] result(Receipt receipt) {
        return json(generator -> write(generator, receipt));
    }

    /** @param text what the application sent, to tell whether it would be sent as it is */
    static byte[] preview(Preview preview, @Nullable String text) {
        return json(generator -> {
            Prepared message = preview.message();
            generator.writeStartObject();
            generator.writeStringProperty(
                    "encoding", name(message.segmentation().encoding()));
            generator.writeNumberProperty("parts", message.segmentation().parts());
            generator.writeNumberProperty("units", message.segmentation().units());
            write(generator, message.segmentation().offendingCharacters());
            String shown = message.text().reveal(PlaintextAccess.forOriginator());
            if (!shown.equals(text)) {
                generator.writeStringProperty("text", shown);
            }
            write(generator, message.stopMention());
            generator.writeStringProperty("from", message.from().value());
            if (preview.scheduledFor() != null) {
                generator.writeStringProperty(
                        "scheduledFor", preview.scheduledFor().toString());
            }
            write(generator, preview.message().price());
            write(generator, preview.deferred());
            generator.writeEndObject();
        });
    }

    static void write(JsonGenerator generator, @Nullable Money price) {
        if (price != null) {
            generator.writeObjectPropertyStart("estimatedPrice");
            generator.writeStringProperty("amount", price.plainAmount());
            generator.writeStringProperty("currency", price.currency());
            generator.writeEndObject();
        }
    }

    static byte[] json(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), octets)) {
            content.accept(generator);
        }
        return octets.toByteArray();
    }

    static void write(JsonGenerator generator, Receipt receipt) {
        Acceptance.Accepted accepted = receipt.accepted();
        String self = MESSAGES + accepted.id();
        generator.writeStartObject();
        generator.writeStringProperty("id", accepted.id().toString());
        generator.writeStringProperty("status", accepted.status().name());
        generator.writeStringProperty("encoding", name(accepted.encoding()));
        generator.writeNumberProperty("parts", accepted.parts());
        write(generator, receipt.offendingCharacters());
        write(generator, receipt.stopMention());
        if (accepted.scheduledFor() != null) {
            generator.writeStringProperty(
                    "scheduledFor", accepted.scheduledFor().toString());
        }
        write(generator, accepted.price());
        write(generator, accepted.deferred());
        generator.writeObjectPropertyStart("links");
        generator.writeStringProperty("self", self);
        if (accepted.status() == MessageStatus.QUEUED || accepted.status() == MessageStatus.SCHEDULED) {
            generator.writeStringProperty("cancel", self + "/cancel");
        }
        generator.writeEndObject();
        generator.writeEndObject();
    }

    private static void write(JsonGenerator generator, Verdict.@Nullable Deferred verdict) {
        if (verdict == null) {
            return;
        }
        Deferral deferral = Deferral.of(verdict);
        generator.writeObjectPropertyStart("deferred");
        generator.writeStringProperty("until", deferral.until().toString());
        generator.writeStringProperty("reason", deferral.reason());
        write(generator, "rule", deferral.rule());
        write(generator, "rulePack", deferral.rulePack());
        write(generator, "zone", deferral.zone());
        write(generator, "window", deferral.window());
        generator.writeEndObject();
    }

    private static void write(JsonGenerator generator, String name, @Nullable String value) {
        if (value != null) {
            generator.writeStringProperty(name, value);
        }
    }

    private static void write(JsonGenerator generator, ComposedText.@Nullable Mention mention) {
        if (mention != null) {
            generator.writeObjectPropertyStart("stopMention");
            generator.writeBooleanProperty("added", mention.added());
            generator.writeStringProperty("text", mention.text());
            generator.writeEndObject();
        }
    }

    private static void write(JsonGenerator generator, List<OffendingCharacter> characters) {
        generator.writeArrayPropertyStart("offendingCharacters");
        for (OffendingCharacter character : characters) {
            generator.writeStartObject();
            generator.writeNumberProperty("position", character.position());
            generator.writeStringProperty("codePoint", "U+%04X".formatted(character.codePoint()));
            if (character.suggestion() != null) {
                generator.writeStringProperty("suggestion", character.suggestion());
            }
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    static String name(Encoding encoding) {
        return switch (encoding) {
            case GSM7 -> "gsm7";
            case UCS2 -> "ucs2";
        };
    }
}
