using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>The JSON of an event about a task, or of a test. CONTRACT, section 11. Written once and kept, because the bytes that were
/// signed are the bytes that count.</summary>
public static class TaskEventBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>UTF-8.</returns>
    public static byte[] Write(string id, string type, DateTimeOffset createdAt, IndexingTask task, VideoIndex index)
        => Write(id, type, createdAt, json => WriteTask(json, task, index));

    /// <summary>A test has no task, so its data has the identifier of the endpoint only.</summary>
    /// <returns>UTF-8.</returns>
    public static byte[] WriteTest(string id, DateTimeOffset createdAt, string endpointId)
        => Write(id, WebhookEventTypes.Test, createdAt, json =>
        {
            json.WriteStartObject();
            json.WriteString("webhook_id", endpointId);
            json.WriteEndObject();
        });

    private static byte[] Write(string id, string type, DateTimeOffset createdAt, Action<Utf8JsonWriter> writeData)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("created_at", createdAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("type", type);
            json.WritePropertyName("data");
            writeData(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteTask(Utf8JsonWriter json, IndexingTask task, VideoIndex index)
    {
        json.WriteStartObject();
        json.WriteString("id", task.Id);
        json.WriteStartObject("metadata");
        // Unknown when the task failed before its video was read.
        if (task.Duration is { } seconds)
            json.WriteNumber("duration", seconds);
        json.WriteEndObject();
        json.WriteString("status", task.State.ToString().ToLowerInvariant());
        json.WriteString("engine", index.EngineId);
        json.WriteStartArray("index_options");
        foreach (var option in index.Options)
            json.WriteStringValue(option);
        json.WriteEndArray();
        // Version 1.1 has no way to give a task tags; the member is there because receivers read it.
        json.WriteStartArray("tags");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
