import { Model } from '../describe/model';
import { PoolLoading } from '../describe/pool-loading';
import { Finding } from '../describe/problem';
import { InferenceServiceProps } from './inference-service-props';

/** Key under which a pool hands its models to the service that runs them: no prop, as users of a service have one model. */
export const POOLED = Symbol('pooled');

/** What a pool hands to the service that runs it. */
export interface PooledServiceProps extends InferenceServiceProps {
  readonly [POOLED]: { readonly models: readonly Model[]; readonly loading: PoolLoading; readonly findings: readonly Finding[] };
}

/** The models of the pool that a service is made for; undefined for a service of one model. */
export function pooledIn(props: InferenceServiceProps | undefined): PooledServiceProps[typeof POOLED] | undefined {
  return (props as PooledServiceProps | undefined)?.[POOLED];
}
