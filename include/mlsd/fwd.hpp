/// The names of mlsd's classes without their definitions, for headers that only mention them. It owns the default
/// template arguments: the definitions include this header.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mlsd {

// core
enum class errc : std::uint8_t;
enum class isa : std::uint8_t;
enum class role : std::uint8_t;
enum class absence : std::uint8_t;
struct error;
template <class T>
class result;
struct code;
class category;
struct timestamp;
struct duration;
struct civil_time;
class random_stream;
struct sequential;
class threads;
template <std::size_t N>
struct fixed_string;
template <class T>
struct matrix_view;
struct mixed_row;
struct mixed_columns;
struct sparse_row;
template <class Row>
struct found;
template <class Id = std::uint32_t>
struct hit;
template <class Id = std::uint32_t>
struct scored;
template <const auto& Schema, class Id = std::uint32_t>
struct candidate;
class arena;

// archive
enum class json_layout : std::uint8_t;
class json_writer;
struct difference;

// stats
class bin_edges;
class compensated_sum;
class histogram;
class moments;
class sorted_sample;
class latency;
class weighted_mean;

// data
template <class... Fields>
class schema;
template <const auto& Schema>
class frame;
class text_column;
struct feature_info;
class feature_matrix;
struct labelled_matrix;
class training_matrix;
struct sparse_column;
class sparse_matrix;
struct labelled_sparse;
class sparse_training_matrix;
class feature_rows;
struct labelled_rows;
class training_rows;
class interactions;
struct csv_options;
struct csv_format;
struct bad_row;
class text_source;
class file_source;
struct keep_rates;
struct downsample;
template <class Table, std::size_t N>
struct table_parts;

// features
struct impute;
struct is_missing;
struct as_number;
struct clip;
struct log_plus_one;
struct standardize;
struct ordinal;
struct target_encode;
struct hour_of_day;
template <std::size_t Bits>
struct hashed;
template <std::size_t Bits>
struct crossed;
class category_index;
template <const auto& Schema, class... Stages>
class pipeline;
template <class Pipeline>
struct feature_row;
template <class Pipeline>
struct fitted;
template <class Features, class Scorer>
class scoring_pipeline;
struct audit_line;

// store
enum class lookup_time : std::uint8_t;
enum class put_outcome : std::uint8_t;
class windows;
struct windows_config;
struct window;
class as_of_match;
class feature_log;
struct feature_log_config;

// retrieval
enum class item_similarity : std::uint8_t;
enum class vector_metric : std::uint8_t;
class cooccurrence_model;
class popularity;
class group_popularity;
struct flat_config;
struct hnsw_config;
struct reciprocal_ranks;
struct min_max_scores;
struct standard_scores;

// rerank
enum class when_over : std::uint8_t;
template <class Predicate>
class ban_if;
template <class Id = std::uint32_t>
struct pinned;
template <class Id = std::uint32_t>
class pin;
struct mmr_config;
template <class Similarity>
class mmr;
struct take;
template <class Id>
struct rule_effect;

// serve
enum class verdict : std::uint8_t;
enum class review_outcome : std::uint8_t;
struct steady_clock;
struct deadline;
class stage_times;
template <class C>
struct page;
template <class Ranking, class Clock = steady_clock>
class workspace;
struct threshold;
struct decision_costs;
struct cascade_score;
struct decision;
template <class Levels>
class cascade_model;
template <class Levels>
class deciding_cascade;
template <class Champion, class Challenger>
class shadow;
struct shadow_config;
template <class T>
class snapshot;
template <class Case>
class review_queue;
template <class Value>
class cache;
struct cache_config;
struct batch_config;

// scoring
class ease_model;
enum class link_function : std::uint8_t;
class linear_layout;
class linear_model;
class isotonic_map;
class platt_map;
class margin_shift;
class interleaved_engine;
class ranked_engine;
struct walking_engine;
class gbdt_forest;
struct gbdt_split;
struct gbdt_tree;
struct gbdt_description;
class gbdt_contributions;
template <class Engine = ranked_engine>
class basic_gbdt_model;
using gbdt_model = basic_gbdt_model<>;
class text_dictionary;
struct table_row;
struct table_layout;
struct gbdt_table_model;

// metrics
struct interval;
struct estimate;
struct auc_estimate;
class auc_metric;
template <std::size_t Bins = 4096>
class binned_auc;
class log_loss;
class multi_log_loss;
class accuracy;
class brier_score;
class reliability;
struct calibration_error;
class probability_error;
class ratio_metric;
class average_precision_metric;
struct hit_rate;
struct recall_at;
struct reciprocal_rank;

// drift
struct drift_verdict;
class psi_reference;
class psi;
class ks_reference;
class ks;
struct ks_result;
class adwin;
class page_hinkley;
struct detection;

// experiment
class assignment;
struct assignment_config;
class sample_ratio;
class thompson;
struct thompson_config;

// training
struct logistic;
struct squared;
struct poisson;
struct weighted_logistic;
struct focal;
struct absolute;
struct huber;
struct quantile;
struct mape;
struct gamma_loss;
struct tweedie;
struct lambda_rank;
struct xe_ndcg;
struct softmax;
enum class tree_growth : std::uint8_t;
struct gbdt_trainer;
struct early_stopping;
struct gbdt_iteration;
struct permutation_importance;
struct ftrl_trainer;
struct ftrl_config;
struct isotonic;
struct platt;
struct temperature;
struct als;
struct ease;

}  // namespace mlsd
