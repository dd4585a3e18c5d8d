// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.Secret;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of one account, read and checked. What cannot work is an exception that names the setting. */
record SmppConfiguration(
        Peer peer,
        Login login,
        List<BindMode> sessions,
        int window,
        double partsPerSecond,
        Writing writing,
        Reading reading,
        Timers timers,
        int queueSize) {

    record Peer(String host, int port, @Nullable TlsFiles tls) {}

    /** Where TLS finds what it needs; read again at each connection, so that a renewed certificate is used. */
    record TlsFiles(
            String name,
            @Nullable Path trust,
            @Nullable Path certificate,
            @Nullable Path key) {}

    record Login(String systemId, Secret password, String systemType, int interfaceVersion, String addressRange) {}

    /** What a connection is bound as. */
    enum BindMode {
        TRANSCEIVER(Command.BIND_TRANSCEIVER),
        TRANSMITTER(Command.BIND_TRANSMITTER),
        RECEIVER(Command.BIND_RECEIVER);

        private final int command;

        BindMode(int command) {
            this.command = command;
        }

        int command() {
            return command;
        }

        boolean submits() {
            return this != RECEIVER;
        }
    }

    /** What data_coding 0 means. */
    enum Charset {
        GSM7,
        LATIN1,
        ASCII
    }

    enum TextCoding {
        DEFAULT,
        LATIN1,
        UCS2
    }

    enum Concatenation {
        UDH8,
        UDH16,
        SAR,
        PAYLOAD
    }

    enum ValidityFormat {
        RELATIVE,
        ABSOLUTE,
        NONE
    }

    enum MessageIdFormat {
        AUTO,
        AS_IS,
        SUBMIT_HEX_RECEIPT_DEC,
        SUBMIT_DEC_RECEIPT_HEX
    }

    record TonNpi(int ton, int npi) {}

    /** How messages are written. */
    record Writing(
            Charset charset,
            TextCoding textCoding,
            Concatenation concatenation,
            TonNpi international,
            TonNpi alphanumeric,
            TonNpi shortCode,
            TonNpi unknown,
            String numberPrefix,
            String serviceType,
            int registeredDelivery,
            ValidityFormat validityFormat) {}

    /**
     * How receipts and inbound messages are read.
     *
     * @param inboundIdTag 0 for none
     */
    record Reading(
            Charset charset,
            MessageIdFormat messageIdFormat,
            ZoneId receiptZone,
            Map<Integer, String> vendorCodes,
            Map<String, String> receiptCodes,
            int inboundIdTag,
            String countryCode) {}

    record Timers(
            Duration connect,
            Duration bind,
            Duration response,
            Duration enquireInterval,
            Duration enquire,
            Duration queue,
            Duration throttlePause,
            Duration reconnectMinimum,
            Duration reconnectMaximum,
            Duration refusedBindPause) {

        /** From submit to outcome at the latest: waiting, sending, and sending once more what can be repeated. */
        Duration submit() {
            return queue.plus(response).plus(response);
        }
    }

    static SmppConfiguration of(CarrierConfiguration from) {
        return new SmppConfiguration(
                peer(from),
                login(from),
                sessions(from),
                number(from, SmppSettings.WINDOW, 1, 10_000),
                partsPerSecond(from),
                writing(from),
                reading(from),
                timers(from),
                number(from, SmppSettings.QUEUE_SIZE, 1, 1_000_000));
    }

    private static Peer peer(CarrierConfiguration from) {
        String host = text(from, SmppSettings.HOST, 255);
        if (host.isBlank()) {
            throw unusable(SmppSettings.HOST, "must not be empty");
        }
        int port = number(from, SmppSettings.PORT, 1, 65_535);
        if (!Boolean.parseBoolean(SmppSettings.value(from, SmppSettings.TLS))) {
            return new Peer(host, port, null);
        }
        Path certificate = path(from, SmppSettings.TLS_CERTIFICATE);
        Path key = path(from, SmppSettings.TLS_KEY);
        if ((certificate == null) != (key == null)) {
            throw unusable(SmppSettings.TLS_CERTIFICATE, "and tls-key go together");
        }
        String name = from.find(SmppSettings.TLS_NAME).orElse(host);
        return new Peer(host, port, new TlsFiles(name, path(from, SmppSettings.TLS_TRUST), certificate, key));
    }

    private static Login login(CarrierConfiguration from) {
        Secret password =
                from.findSecret(SmppSettings.PASSWORD).orElseThrow(() -> SmppSettings.missing(SmppSettings.PASSWORD));
        requireWritable(SmppSettings.PASSWORD, password.reveal(), 255);
        int version = switch (SmppSettings.value(from, SmppSettings.INTERFACE_VERSION)) {
            case "3.3" -> 0x33;
            case "3.4" -> 0x34;
            case "5.0" -> 0x50;
            default -> throw unusable(SmppSettings.INTERFACE_VERSION, "is 3.3, 3.4 or 5.0");
        };
        return new Login(
                text(from, SmppSettings.SYSTEM_ID, 255),
                password,
                text(from, SmppSettings.SYSTEM_TYPE, 12),
                version,
                text(from, SmppSettings.ADDRESS_RANGE, 40));
    }

    private static List<BindMode> sessions(CarrierConfiguration from) {
        List<BindMode> each = switch (SmppSettings.value(from, SmppSettings.BIND_MODE)) {
            case "transceiver" -> List.of(BindMode.TRANSCEIVER);
            case "transmitter-receiver" -> List.of(BindMode.TRANSMITTER, BindMode.RECEIVER);
            case "transmitter" -> List.of(BindMode.TRANSMITTER);
            case "receiver" -> List.of(BindMode.RECEIVER);
            default -> throw unusable(SmppSettings.BIND_MODE, "has no such choice");
        };
        List<BindMode> sessions = new ArrayList<>();
        int binds = number(from, SmppSettings.BINDS, 1, 64);
        for (int i = 0; i < binds; i++) {
            sessions.addAll(each);
        }
        return List.copyOf(sessions);
    }

    private static double partsPerSecond(CarrierConfiguration from) {
        try {
            double value = Double.parseDouble(SmppSettings.value(from, SmppSettings.PARTS_PER_SECOND));
            if (value >= 0 && value <= 1_000_000) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below
        }
        throw unusable(SmppSettings.PARTS_PER_SECOND, "is a number from 0 to 1000000");
    }

    private static Writing writing(CarrierConfiguration from) {
        int registeredDelivery = switch (SmppSettings.value(from, SmppSettings.REGISTERED_DELIVERY)) {
            case "final" -> 0x01;
            case "failure" -> 0x02;
            case "intermediate" -> 0x11;
            default -> throw unusable(SmppSettings.REGISTERED_DELIVERY, "has no such choice");
        };
        return new Writing(
                oneOf(from, SmppSettings.CHARSET, Charset.class),
                oneOf(from, SmppSettings.TEXT_CODING, TextCoding.class),
                oneOf(from, SmppSettings.CONCATENATION, Concatenation.class),
                tonNpi(from, SmppSettings.INTERNATIONAL),
                tonNpi(from, SmppSettings.ALPHANUMERIC),
                tonNpi(from, SmppSettings.SHORT_CODE),
                tonNpi(from, SmppSettings.UNKNOWN),
                numberPrefix(from),
                text(from, SmppSettings.SERVICE_TYPE, 5),
                registeredDelivery,
                oneOf(from, SmppSettings.VALIDITY_FORMAT, ValidityFormat.class));
    }

    private static String numberPrefix(CarrierConfiguration from) {
        return switch (SmppSettings.value(from, SmppSettings.NUMBER_PREFIX)) {
            case "none" -> "";
            case "plus" -> "+";
            case "00" -> "00";
            default -> throw unusable(SmppSettings.NUMBER_PREFIX, "has no such choice");
        };
    }

    private static Reading reading(CarrierConfiguration from) {
        ZoneId zone;
        try {
            zone = ZoneId.of(SmppSettings.value(from, SmppSettings.RECEIPT_ZONE));
        } catch (DateTimeException e) {
            throw unusable(SmppSettings.RECEIPT_ZONE, "is no time zone");
        }
        Map<Integer, String> vendorCodes = new HashMap<>();
        pairs(from, SmppSettings.VENDOR_CODES)
                .forEach((code, meaning) -> vendorCodes.put(code(SmppSettings.VENDOR_CODES, code), meaning));
        Map<String, String> receiptCodes = new HashMap<>();
        pairs(from, SmppSettings.RECEIPT_CODES)
                .forEach((code, meaning) -> receiptCodes.put(SmppOutcomes.plainErrorCode(code), meaning));
        String tag = SmppSettings.value(from, SmppSettings.INBOUND_ID_TAG);
        String countryCode = from.find(SmppSettings.COUNTRY_CODE).orElse("");
        if (!countryCode.matches("[0-9]{0,3}")) {
            throw unusable(SmppSettings.COUNTRY_CODE, "is 1 to 3 digits");
        }
        return new Reading(
                oneOf(from, SmppSettings.CHARSET, Charset.class),
                oneOf(from, SmppSettings.MESSAGE_ID_FORMAT, MessageIdFormat.class),
                zone,
                Map.copyOf(vendorCodes),
                Map.copyOf(receiptCodes),
                tag.isEmpty() ? 0 : code(SmppSettings.INBOUND_ID_TAG, tag),
                countryCode);
    }

    private static Timers timers(CarrierConfiguration from) {
        return new Timers(
                duration(from, SmppSettings.CONNECT_TIMEOUT),
                duration(from, SmppSettings.BIND_TIMEOUT),
                duration(from, SmppSettings.RESPONSE_TIMEOUT),
                duration(from, SmppSettings.ENQUIRE_INTERVAL),
                duration(from, SmppSettings.ENQUIRE_TIMEOUT),
                duration(from, SmppSettings.QUEUE_TIMEOUT),
                duration(from, SmppSettings.THROTTLE_PAUSE),
                duration(from, SmppSettings.RECONNECT_MINIMUM),
                duration(from, SmppSettings.RECONNECT_MAXIMUM),
                duration(from, SmppSettings.REFUSED_BIND_PAUSE));
    }

    private static @Nullable Path path(CarrierConfiguration from, String name) {
        return from.find(name).filter(value -> !value.isBlank()).map(Path::of).orElse(null);
    }

    private static String text(CarrierConfiguration from, String name, int maximum) {
        String value = SmppSettings.value(from, name);
        requireWritable(name, value, maximum);
        return value;
    }

    private static void requireWritable(String name, String value, int maximum) {
        if (value.length() > maximum || !value.chars().allMatch(c -> c > 0x1F && c <= 0xFF)) {
            throw unusable(name, "is at most " + maximum + " characters of Latin-1");
        }
    }

    private static int number(CarrierConfiguration from, String name, int minimum, int maximum) {
        try {
            int value = Integer.parseInt(SmppSettings.value(from, name));
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below
        }
        throw unusable(name, "is a number from " + minimum + " to " + maximum);
    }

    private static Duration duration(CarrierConfiguration from, String name) {
        try {
            Duration value = Duration.parse(SmppSettings.value(from, name));
            if (value.isPositive() && value.compareTo(Duration.ofDays(1)) <= 0) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Said below
        }
        throw unusable(name, "is a duration such as PT10S, at most a day");
    }

    private static TonNpi tonNpi(CarrierConfiguration from, String name) {
        String value = SmppSettings.value(from, name);
        if (!value.matches("[0-9]{1,2}/[0-9]{1,2}")) {
            throw unusable(name, "is two numbers such as 1/1");
        }
        int slash = value.indexOf('/');
        return new TonNpi(Integer.parseInt(value.substring(0, slash)), Integer.parseInt(value.substring(slash + 1)));
    }

    private static <E extends Enum<E>> E oneOf(CarrierConfiguration from, String name, Class<E> type) {
        String value = SmppSettings.value(from, name).toUpperCase(Locale.ROOT).replace('-', '_');
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw unusable(name, "has no such choice");
    }

    private static Map<String, String> pairs(CarrierConfiguration from, String name) {
        Map<String, String> pairs = new HashMap<>();
        for (String pair : SmppSettings.value(from, name).split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1 || !SmppOutcomes.isMeaning(pair.substring(equals + 1).trim())) {
                throw unusable(name, "is a list such as 1=UNAVAILABLE,2=OPTED_OUT, of known meanings");
            }
            pairs.put(
                    pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
        }
        return pairs;
    }

    private static int code(String name, String value) {
        try {
            return Integer.decode(value);
        } catch (NumberFormatException e) {
            throw unusable(name, "needs codes such as 0x400");
        }
    }

    private static IllegalArgumentException unusable(String name, String why) {
        return new IllegalArgumentException("Setting " + name + " " + why);
    }
}
