namespace VideoUnderstanding.UnitTests.Fuzz;

/// <summary>Valid input from which fuzzing starts.</summary>
internal static class FuzzSeeds
{
    private const string Id = "64022c1e8f1d2a0d5c4b3a29";

    public static IReadOnlyList<string> Subtitles { get; } =
    [
        "1\n00:00:01,000 --> 00:00:02,500\nHello <i>there</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}bye\n",
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE words\n\nid\n00:01.000 --> 00:02.500 align:start position:10%\n<v Ann>Hello "
            + "&amp; more\n\n01:00:03.000 --> 01:00:04.000\nbye\n",
    ];

    public static IReadOnlyList<string> Transfers { get; } =
    [
        """[{"index_id":"64022c1e8f1d2a0d5c4b3a29","language":"en","object":"s3://raw/pier%2001.mp4"}"""
            + """,{"index_id":"64022c1e8f1d2a0d5c4b3a29","language":"en","object":"s3://raw/b.mp4","transcription":"s3://raw/b.srt"}]""",
    ];

    public static IReadOnlyList<string> Searches { get; } =
    [
        """{"query":"a red car","index_id":"64022c1e8f1d2a0d5c4b3a29","search_options":["visual","conversation"]"""
            + ""","group_by":"video","threshold":"low","sort_option":"clip_count","operator":"and","""
            + """ "conversation_option":"semantic","page_limit":5"""
            + ""","filter":{"duration":{"gte":1,"lte":90}}}""",
        """{"query":{"$and":[{"text":"a"},{"$not":{"origin":{"text":"b"},"sub":{"text":"c"}}}]}"""
            + ""","index_id":"64022c1e8f1d2a0d5c4b3a29","search_options":["visual"]}""",
    ];

    public static IReadOnlyList<string> Combined { get; } =
    [
        """{"query":{"$then":[{"text":"a","search_options":["conversation"],"conversation_option":"exact_match"},{"$or":[{"text":"b"}"""
            + """,{"text":"c"}],"proximity":10}],"adjacency_threshold":2.5}"""
            + ""","index_id":"64022c1e8f1d2a0d5c4b3a29","search_options":["visual"],"filter":{"id":["64022c1e8f1d2a0d5c4b3a29"]}}""",
    ];

    public static IReadOnlyList<string> Filters { get; } =
    [
        """{"id":["64022c1e8f1d2a0d5c4b3a29"],"duration":{"gte":10.5,"lte":600},"width":1920"""
            + ""","filename":"a.mp4","town":"Oslo","reviewed":true,"year":{"gte":2020}}""",
    ];

    public static IReadOnlyList<string> Tokens { get; } = ["0b9d2f6e-54c3-4f0e-9b4f-0d6f3f2a1c11-0",
        "0b9d2f6e-54c3-4f0e-9b4f-0d6f3f2a1c11-2147483647"];

    public static IReadOnlyList<string> Multipart { get; } =
    [
        "--edge\r\nContent-Disposition: form-data; name=\"index_id\"\r\n\r\n" + Id
            + "\r\n--edge\r\nContent-Disposition: form-data; name=\"video_file\"; filename=\"C:\\\\a\\\\b.mp4\"; "
            + "filename*=UTF-8''%e2%82%ac.mp4\r\nContent-Type: video/mp4\r\n\r\nxx\r\n--edge--\r\n",
        "--edge\r\nContent-Disposition: form-data; name=file; filename=\"../../etc/passwd\"\r\n\r\n[]\r\n--edge--\r\n",
        // Found by longer runs: the library cannot read a parameter without a value, nor one in UTF-7.
        "--edge\r\nContent-Disposition: form-data; name=file; filename=\"a.mp4\"; filename*=UTF-7''%e2.mp4\r\n\r\n[]\r\n--edge--\r\n",
        "--edge\r\nContent-Disposition: form-data; name=file; filename*\r\n\r\n[]\r\n--edge--\r\n",
    ];
}
