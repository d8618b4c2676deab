using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class FrameVectorConfiguration : IEntityTypeConfiguration<FrameVector>
{
    public void Configure(EntityTypeBuilder<FrameVector> frame)
    {
        frame.ToTable("frame_vectors");
        // VectorColumns sets the number of dimensions. Only dedicated tables of large indexes have HNSW indexes.
        frame.Property(row => row.Embedding).HasColumnType("halfvec");
        frame.HasIndex(row => new { row.IndexId, row.VideoId });
        frame.HasIndex(row => new { row.VideoId, row.Start });
    }
}

internal sealed class TextSegmentConfiguration : IEntityTypeConfiguration<TextSegment>
{
    public void Configure(EntityTypeBuilder<TextSegment> segment)
    {
        // The length is limited, because a comparison within one row cannot be cancelled.
        segment.ToTable("text_segments", table => table.HasCheckConstraint("ck_text_segments_words",
            $"char_length(words) <= {Words.PlainWords.MaxColumnLength}"));
        segment.Property(row => row.Source).HasConversion(LowerCase.Of<TextSource>());
        // VectorColumns sets the number of dimensions. Only dedicated tables of large indexes have HNSW indexes.
        segment.Property(row => row.Embedding).HasColumnType("halfvec");
        segment.HasIndex(row => new { row.IndexId, row.Source, row.VideoId });
        // For the list of languages of an index.
        segment.HasIndex(row => new { row.IndexId, row.Language });
        segment.HasIndex(row => new { row.VideoId, row.Source, row.Number });
        // The first migration creates the expression indexes: ix_text_segments_stems for inflected words, ix_text_segments_words_trigrams
        // for parts of words, and ix_text_segments_joined_words_trigrams for brand names.
    }
}

internal sealed class SoundMomentConfiguration : IEntityTypeConfiguration<SoundMoment>
{
    public void Configure(EntityTypeBuilder<SoundMoment> moment)
    {
        moment.ToTable("sound_moments");
        moment.HasIndex(row => new { row.IndexId, row.VideoId });
        moment.HasIndex(row => new { row.VideoId, row.Start });
        // For searches by class.
        moment.HasIndex(row => row.Classes).HasMethod("gin");
    }
}
