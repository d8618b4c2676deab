using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Forty videos with random colours in frames, speech and screen text, each with a random cosine, and the clips that each text
/// finds in each video alone.</summary>
public sealed class ManyVideos(DatabaseTemplate template) : IAsyncLifetime
{
    private const int Count = 40, Shots = 4, Spoken = 5, Shown = 4;
    private static readonly string[] Colours = ["red", "green", "blue", "yellow", "white"];

    private readonly SearchDatabase _database = new(template);
    private readonly Random _random = new(11);
    private readonly Dictionary<TextQuery, ILookup<string, ClipMatch>> _found = new(ReferenceEqualityComparer.Instance);

    /// <summary>Limits far below the number of rows in the index.</summary>
    public static VideoSearchOptions Few => new() { ExactVectors = 50, CandidateVectors = 40, CandidateVideos = 6, CandidateSegments = 8 };

    public TestDatabase Rows => _database.Rows;

    public VideoIndex Index { get; private set; } = null!;

    public List<string> Videos { get; } = [];

    /// <summary>All combinations of three colours and three options.</summary>
    public IReadOnlyList<TextQuery> Texts { get; } =
        [.. from colour in Colours.Take(3) from option in new[] { "visual", "conversation", "text_in_video" }
            select new TextQuery(colour, [option])];

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        Index = await Rows.AddIndexAsync();
        for (var i = 0; i < Count; i++)
        {
            var video = await Rows.AddVideoAsync(Index);
            Videos.Add(video.Id);
            await using var db = Rows.Open();
            db.AddRange(Frames(video));
            db.AddRange(Lines(video, TextSource.Speech, Spoken, 0.98));
            // Above this cosine the score of screen text is capped.
            db.AddRange(Lines(video, TextSource.Screen, Shown, 0.85));
            await db.SaveChangesAsync();
        }
        await Rows.SeparateAsync(Index);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>Returns the clips of a search that is limited to one video, so that no limit is reached.</summary>
    public async Task<IReadOnlyList<ClipMatch>> OfVideoAsync(TextQuery text, string video)
    {
        if (!_found.TryGetValue(text, out var clips))
        {
            var all = new List<ClipMatch>();
            await using var db = Rows.Open();
            foreach (var one in Videos)
                all.AddRange(await db.Search()
                    .FindAsync(new SearchQuery(Index.Id, text, Filter: new VideoFilter([new VideoIsOneOf([one])])),
                        CancellationToken.None));
            _found.Add(text, clips = all.ToLookup(clip => clip.VideoId));
        }
        return [.. clips[video].OrderBy(clip => clip.Start)];
    }

    private IEnumerable<FrameVector> Frames(Video video)
    {
        var time = 0;
        for (var shot = 0; shot < Shots; shot++)
        {
            var vector = ColourVectors.Picture(Colour(), Cosine(0.98));
            for (var end = time + _random.Next(4, 9); time < end; time++)
                yield return new FrameVector
                {
                    IndexId = video.IndexId, VideoId = video.Id, Start = time, End = time + 1, Shot = shot, Embedding = vector,
                };
        }
    }

    private IEnumerable<TextSegment> Lines(Video video, TextSource source, int count, double maximum)
        => Enumerable.Range(0, count).Select(number =>
        {
            var start = Math.Round(_random.NextDouble() * 25, 2);
            // The text has no word of the query, so it is found by its embedding only.
            return new TextSegment
            {
                IndexId = video.IndexId, VideoId = video.Id, Source = source, Number = number, Start = start,
                End = start + 1 + _random.Next(5), Text = $"zq{number}", Language = "en",
                Embedding = ColourVectors.Picture(Colour(), Cosine(maximum)),
            };
        });

    private string Colour() => Colours[_random.Next(Colours.Length)];

    private double Cosine(double maximum) => 0.5 + (maximum - 0.5) * _random.NextDouble();
}
